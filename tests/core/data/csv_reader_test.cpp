#include "core/data/csv_reader.h"

#include "fixtures.h"

#include <QtTest>

using namespace stillroom;
using namespace stillroom::test;

class CsvReaderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void plain();
    void quoted();
    void theSameWithEveryLineEndingAndChunk();
    void aByteOrderMarkIsNoPartOfTheFirstColumn();
    void emptyFieldsAndLines();
    void otherDelimiters();
    void withoutQuoting();
    void aLoneReturnIsTextWhereLinesEndOtherwise();
    void quotesWithinAFieldAreText();
    void raggedRowsAreBad();
    void textBehindAQuoteIsBadAndReadingGoesOn();
    void anUnclosedQuoteIsAnErrorWhereItOpens();
    void aFieldOverTheLimitIsAnError();
    void aHeaderIsNeeded();
    void aCutOffFileEndsInABadRow();
    void knowsItsLinesBehindQuotedNewlines();

  private:
    Folder folder_;
};

void CsvReaderTest::plain() {
    const Table table = readCsv(folder_, "id,text\n1,hello\n2,there\n");
    QVERIFY(!table.error);
    QCOMPARE(table.columns, (Names{"id", "text"}));
    QCOMPARE(table.rows, (Rows{{"1", "hello"}, {"2", "there"}}));
    QCOMPARE(table.lines, (std::vector<std::int64_t>{2, 3}));
}

void CsvReaderTest::quoted() {
    const Table table =
        readCsv(folder_, "id,\"te\"\"xt\"\n1,\"a, \"\"b\"\"\nc\"\n\"2\",\"\"\n3,\"\"\"\"\n\"4\",x");
    QVERIFY(!table.error);
    QCOMPARE(table.columns, (Names{"id", "te\"xt"}));
    QCOMPARE(table.rows, (Rows{{"1", "a, \"b\"\nc"}, {"2", ""}, {"3", "\""}, {"4", "x"}}));
    QVERIFY(table.bad.empty());
}

void CsvReaderTest::theSameWithEveryLineEndingAndChunk() {
    for (const std::string ending : {"\n", "\r\n", "\r"})
        for (std::size_t chunk = 1; chunk < 70; ++chunk) {
            std::string bytes;
            for (const char* line :
                 {"id,text", "1,\"he said \"\"no\"\"\"", "", "2,\"\"", "\"3\",plain text", "bad"})
                bytes += line + ending;
            const Table table = readCsv(folder_, bytes, {}, {chunk, 1000});
            QVERIFY(!table.error);
            QCOMPARE(table.rows, (Rows{{"1", "he said \"no\""}, {"2", ""}, {"3", "plain text"}}));
            QCOMPARE(table.lines, (std::vector<std::int64_t>{2, 4, 5}));
            QCOMPARE(table.bad.size(), std::size_t{1});
            QCOMPARE(table.bad[0].first, std::int64_t{6});
        }
}

void CsvReaderTest::aByteOrderMarkIsNoPartOfTheFirstColumn() {
    const Table table = readCsv(folder_, "\xEF\xBB\xBF\"id\",text\n1,x\n");
    QVERIFY(!table.error);
    QCOMPARE(table.columns, (Names{"id", "text"}));
    QCOMPARE(table.rows, (Rows{{"1", "x"}}));
}

void CsvReaderTest::emptyFieldsAndLines() {
    const Table table = readCsv(folder_, "\n\na,b,c\n,,\n\n  ,x,\n");
    QVERIFY(!table.error);
    QCOMPARE(table.columns, (Names{"a", "b", "c"}));
    QCOMPARE(table.rows, (Rows{{"", "", ""}, {"  ", "x", ""}}));
    QCOMPARE(table.lines, (std::vector<std::int64_t>{4, 6}));
}

void CsvReaderTest::otherDelimiters() {
    for (const char delimiter : {';', '\t', '|', ' ', ':'}) {
        const std::string d(1, delimiter);
        const Table table = readCsv(folder_, "a" + d + "b\n1" + d + "\"x" + d + "y\"\n",
                                    {delimiter, CsvDialect::Quoting::Double});
        QVERIFY(!table.error);
        QCOMPARE(table.rows, (Rows{{"1", "x" + d + "y"}}));
    }
}

void CsvReaderTest::withoutQuoting() {
    const Table table = readCsv(folder_, "id\ttext\n1\t\"quoted\"\n2\t\"open\n3\ta \"\" b\r\n",
                                {'\t', CsvDialect::Quoting::None});
    QVERIFY(!table.error);
    QCOMPARE(table.rows, (Rows{{"1", "\"quoted\""}, {"2", "\"open"}, {"3", "a \"\" b"}}));
}

void CsvReaderTest::aLoneReturnIsTextWhereLinesEndOtherwise() {
    const Table table = readCsv(folder_, "a,b\n1,x\ry\n\"2\r\",z\r\n");
    QVERIFY(!table.error);
    QCOMPARE(table.rows, (Rows{{"1", "x\ry"}, {"2\r", "z"}}));
}

void CsvReaderTest::quotesWithinAFieldAreText() {
    const Table table = readCsv(folder_, "a,b\n5\" disk,say \"hi\"\n");
    QVERIFY(!table.error);
    QCOMPARE(table.rows, (Rows{{"5\" disk", "say \"hi\""}}));
}

void CsvReaderTest::raggedRowsAreBad() {
    const Table table = readCsv(folder_, "a,b,c\n1,2,3\n1,2\n1,2,3,4\n7,8,9\n");
    QVERIFY(!table.error);
    QCOMPARE(table.rows, (Rows{{"1", "2", "3"}, {"7", "8", "9"}}));
    QCOMPARE(table.bad.size(), std::size_t{2});
    QCOMPARE(table.bad[0].first, std::int64_t{3});
    VERIFY_SAYS(table.bad[0].second, "has 2 fields where the header has 3", "give every column a field");
    QCOMPARE(table.bad[1].first, std::int64_t{4});
    VERIFY_SAYS(table.bad[1].second, "has 4 fields where the header has 3", "put quotes around");
}

void CsvReaderTest::textBehindAQuoteIsBadAndReadingGoesOn() {
    const Table table = readCsv(folder_, "a,b\n1,\"x\"y,z\n2,\"open\n3,\"shut\"\n4,good\n");
    QVERIFY(!table.error);
    QCOMPARE(table.rows, (Rows{{"4", "good"}}));
    QCOMPARE(table.lines, std::vector<std::int64_t>{5});
    QCOMPARE(table.bad.size(), std::size_t{2});
    QCOMPARE(table.bad[0].first, std::int64_t{2});
    QCOMPARE(table.bad[1].first, std::int64_t{3});
    VERIFY_SAYS(table.bad[1].second, "behind a closing quote in line 4", "opens in line 3",
                "quoting to none");
}

void CsvReaderTest::anUnclosedQuoteIsAnErrorWhereItOpens() {
    const Table table = readCsv(folder_, "a,b\n1,\"x\ny\"\n2,\"never\nclosed\n");
    QCOMPARE(table.rows, (Rows{{"1", "x\ny"}}));
    QVERIFY(table.error);
    VERIFY_SAYS(*table.error, "a.csv, line 4", "quote opens here and is never closed", "close it",
                "quoting to none");
}

void CsvReaderTest::aFieldOverTheLimitIsAnError() {
    for (const std::size_t chunk : {std::size_t{64}, std::size_t{1} << 16})
        for (const std::string open : {"", "\""}) {
            const Table table =
                readCsv(folder_, "a,b\n1,x\n2," + open + std::string(5000, 'x') + open + "\n3,y\n", {},
                        {chunk, 1000});
            QCOMPARE(table.rows, (Rows{{"1", "x"}}));
            QVERIFY(table.error);
            VERIFY_SAYS(*table.error, "a.csv, line 3", "longer than");
        }
}

void CsvReaderTest::aHeaderIsNeeded() {
    const Table blank = readCsv(folder_, "\n\n\r\n");
    QVERIFY(blank.error);
    VERIFY_SAYS(*blank.error, "a.csv", "no header", "first line must name the columns");
    const Table stray = readCsv(folder_, "\"a\"x,b\n1,2\n");
    QVERIFY(stray.error);
    VERIFY_SAYS(*stray.error, "a.csv, line 1: the header has text behind a closing quote");
}

void CsvReaderTest::aCutOffFileEndsInABadRow() {
    const std::string whole = "a,b,c\n1,2,3\n4,\"5 5\",6\n";
    for (std::size_t length = 6; length < whole.size(); ++length) {
        const Table table = readCsv(folder_, whole.substr(0, length));
        for (const auto& row : table.rows)
            QCOMPARE(row.size(), std::size_t{3});
        if (const auto cut = whole.substr(0, length); cut.ends_with("\"5 "))
            QVERIFY(table.error);
        else if (cut.ends_with("5\""))
            QCOMPARE(table.bad.size(), std::size_t{1});
    }
}

void CsvReaderTest::knowsItsLinesBehindQuotedNewlines() {
    for (const std::string ending : {"\n", "\r\n"}) {
        const Table table = readCsv(folder_, "a,b" + ending + "\"1" + ending + ending + "\",x" + ending +
                                                 "2,y" + ending + "bad" + ending + "\"" + ending + "\",z");
        QVERIFY(!table.error);
        QCOMPARE(table.lines, (std::vector<std::int64_t>{2, 5, 7}));
        QCOMPARE(table.bad[0].first, std::int64_t{6});
        QCOMPARE(table.rows[0][0], "1" + ending + ending);
    }
}

QTEST_GUILESS_MAIN(CsvReaderTest)
#include "csv_reader_test.moc"
