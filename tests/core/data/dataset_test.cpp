#include "core/data/dataset.h"

#include <QtTest>

using namespace stillroom;

class DatasetTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void stringColumn();
    void rowsAndSplits();
    void renumbersGold();
    void copiesAreWhole();
};

void DatasetTest::stringColumn() {
    StringColumn column;
    for (const char* text : {"", "one", "", "zwölf"})
        column.append(text);
    QCOMPARE(column.size(), std::size_t{4});
    QCOMPARE(column[0], std::string_view());
    QCOMPARE(column[1], std::string_view("one"));
    QCOMPARE(column[2], std::string_view());
    QCOMPARE(column[3], std::string_view("zwölf"));
    QCOMPARE(column.bytes(), std::size_t{9});
    column.removeLast();
    QCOMPARE(column.bytes(), std::size_t{3});
    column.append("x");
    QCOMPARE(column[3], std::string_view("x"));
    column.reserve(1000, 100000);
    column.shrink();
    QCOMPARE(column[1], std::string_view("one"));
    StringColumn one;
    one.append("a");
    one.removeLast();
    QCOMPARE(one.size(), std::size_t{0});
    QCOMPARE(one.bytes(), std::size_t{0});
}

void DatasetTest::rowsAndSplits() {
    DatasetBuilder builder;
    QCOMPARE(builder.add("a", "first", 1, Split::Train), 0U);
    QCOMPARE(builder.add("b", "second", Dataset::NoLabel, Split::Test), 1U);
    QCOMPARE(builder.add("c", "third", 0, Split::Train), 2U);
    const Dataset data = builder.finish({"x", "y"});
    QCOMPARE(data.size(), std::size_t{3});
    QCOMPARE(data.id(1), std::string_view("b"));
    QCOMPARE(data.text(2), std::string_view("third"));
    QCOMPARE(data.gold(0), 1);
    QCOMPARE(data.gold(1), Dataset::NoLabel);
    QCOMPARE(data.split(1), Split::Test);
    QCOMPARE(data.rows(Split::Train).size(), std::size_t{2});
    QCOMPARE(data.rows(Split::Train)[1], 2U);
    QVERIFY(data.rows(Split::Validation).empty());
    QVERIFY(data.hasGold(Split::Train));
    QVERIFY(!data.hasGold(Split::Test));
    QCOMPARE(data.classCount(), 2);
    QCOMPARE(data.textBytes(), std::size_t{16});
    QCOMPARE(splitName(Split::Validation), std::string_view("validation"));
}

void DatasetTest::renumbersGold() {
    DatasetBuilder builder;
    builder.add("a", "", 2, Split::Train);
    builder.add("b", "", 0, Split::Train);
    builder.add("c", "", Dataset::NoLabel, Split::Train);
    const std::int32_t renumber[] = {1, Dataset::NoLabel, 0};
    const Dataset data = builder.finish({"x", "y"}, renumber);
    QCOMPARE(data.gold(0), 0);
    QCOMPARE(data.gold(1), 1);
    QCOMPARE(data.gold(2), Dataset::NoLabel);
}

void DatasetTest::copiesAreWhole() {
    DatasetBuilder builder;
    builder.add("a", "text", 0, Split::Train);
    auto first = std::make_unique<Dataset>(builder.finish({"x", "y"}));
    const Dataset copy = *first;
    first.reset();
    QCOMPARE(copy.text(0), std::string_view("text"));
}

QTEST_GUILESS_MAIN(DatasetTest)
#include "dataset_test.moc"
