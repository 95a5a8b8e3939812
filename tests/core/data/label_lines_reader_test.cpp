#include "core/data/label_lines_reader.h"

#include "fixtures.h"

#include <QtTest>

using namespace stillroom;
using namespace stillroom::test;

class LabelLinesReaderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void splitsAtTheLastSemicolon();
    void theHeaderIsOptional();
    void aLineWithoutASemicolonIsBad();

  private:
    Folder folder_;
    Table read(std::string_view bytes) const {
        auto source = SourceFile::open(folder_.write("a.txt", bytes), "a.txt", "data.train.files");
        return tableOf(std::make_unique<LabelLinesReader>(std::move(*source)));
    }
};

void LabelLinesReaderTest::splitsAtTheLastSemicolon() {
    const Table table = read("i feel fine;joy\r\n\r\na; b; \"c;fear\r\n;empty\r\nno label;\r\n");
    QCOMPARE(table.columns, (Names{"text", "label"}));
    QCOMPARE(table.rows,
             (Rows{{"i feel fine", "joy"}, {"a; b; \"c", "fear"}, {"", "empty"}, {"no label", ""}}));
    QCOMPARE(table.lines, (std::vector<std::int64_t>{1, 3, 4, 5}));
}

void LabelLinesReaderTest::theHeaderIsOptional() {
    QCOMPARE(read("text;label_name\na;b\n").rows, (Rows{{"a", "b"}}));
    QCOMPARE(read("text;label\na;b\n").rows, (Rows{{"a", "b"}}));
    QCOMPARE(read("a;b\ntext;label\n").rows, (Rows{{"a", "b"}, {"text", "label"}}));
}

void LabelLinesReaderTest::aLineWithoutASemicolonIsBad() {
    const Table table = read("a;b\nwhat\nc;d\n");
    QCOMPARE(table.rows.size(), std::size_t{2});
    QCOMPARE(table.bad.size(), std::size_t{1});
    QCOMPARE(table.bad[0].first, std::int64_t{2});
    VERIFY_SAYS(table.bad[0].second, "no ';'", "text;label");
}

QTEST_GUILESS_MAIN(LabelLinesReaderTest)
#include "label_lines_reader_test.moc"
