#include "core/lab/sample_table.h"

#include <QtTest>

using namespace stillroom;

class SampleTableTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void trainingRowsWithATeacher();
    void nothing();
};

void SampleTableTest::trainingRowsWithATeacher() {
    DatasetBuilder builder;
    builder.add("a", "first", 1, Split::Train);
    builder.add("b", "not of training", 0, Split::Validation);
    builder.add("c", "the teacher said nothing of it", 0, Split::Train);
    builder.add("d", "no gold", Dataset::NoLabel, Split::Train);
    builder.add("e", "last", 0, Split::Train);
    TeacherOutputs teacher(5, 2);
    teacher.set(0, 1, 0.75F, TeacherOrigin::Stated);
    teacher.set(1, 1, 0.5F, TeacherOrigin::Stated);
    teacher.set(3, 0, 0.25F, TeacherOrigin::Stated);
    teacher.set(4, 1, 1.0F, TeacherOrigin::Stated);
    const SampleTable table({std::make_shared<const Dataset>(builder.finish({"no", "yes"})),
                             std::make_shared<const TeacherOutputs>(std::move(teacher))});
    QCOMPARE(table.size(), std::size_t{3});
    QCOMPARE(table.classCount, 2);
    QCOMPARE(table.rows, (std::vector<std::uint32_t>{0, 3, 4}));
    QCOMPARE(table.labels, (std::vector<std::int32_t>{1, 0, 1}));
    QCOMPARE(table.confidences, (std::vector<float>{0.75F, 0.25F, 1.0F}));
    QCOMPARE(table.gold, (std::vector<std::int32_t>{1, -1, 0}));
    QCOMPARE(table.withGold, std::size_t{2});
    QVERIFY(table.hasGold());
    // 16 bytes a sample, nothing spare.
    QCOMPARE(table.rows.capacity() + table.labels.capacity() + table.confidences.capacity() +
                 table.gold.capacity(),
             std::size_t{12});
}

void SampleTableTest::nothing() {
    DatasetBuilder builder;
    builder.add("a", "no teacher", 0, Split::Train);
    const SampleTable table({std::make_shared<const Dataset>(builder.finish({"only"})),
                             std::make_shared<const TeacherOutputs>(1, 1)});
    QCOMPARE(table.size(), std::size_t{0});
    QVERIFY(!table.hasGold());
}

QTEST_GUILESS_MAIN(SampleTableTest)
#include "sample_table_test.moc"
