#include "core/data/pubmed_reader.h"

#include "fixtures.h"

#include <QtTest>

using namespace stillroom;
using namespace stillroom::test;

class PubMedReaderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void readsAbstracts();
    void badLinesAreCountedAndReadingGoesOn();
    void theSameAtEveryChunk();

  private:
    Folder folder_;
    Table read(std::string_view bytes, SourceOptions options = {}) const {
        auto source = SourceFile::open(folder_.write("a.txt", bytes), "a.txt", "data.train.files", options);
        if (!source) {
            Table table;
            table.error = source.error().message;
            return table;
        }
        return tableOf(std::make_unique<PubMedReader>(std::move(*source)));
    }
};

void PubMedReaderTest::readsAbstracts() {
    const Table table =
        read("###24293578\nOBJECTIVE\tTo investigate it .\nMETHODS\tA total of @ patients\tin two .\n\n"
             "###24854809\r\nBACKGROUND\tMany ; do .\r\n\r\n###1\n");
    QCOMPARE(table.columns, (Names{"id", "text", "label"}));
    QCOMPARE(table.rows, (Rows{{"24293578-1", "To investigate it .", "OBJECTIVE"},
                               {"24293578-2", "A total of @ patients\tin two .", "METHODS"},
                               {"24854809-1", "Many ; do .", "BACKGROUND"}}));
    QCOMPARE(table.lines, (std::vector<std::int64_t>{2, 3, 6}));
    QVERIFY(table.bad.empty() && !table.error);
}

void PubMedReaderTest::badLinesAreCountedAndReadingGoesOn() {
    const Table table = read("RESULTS\tlost\n###7\nno tab\nRESULTS\tfound\n###\nMETHODS\tof no number\n");
    QCOMPARE(table.rows, (Rows{{"7-2", "found", "RESULTS"}})); // the bad one keeps its number
    QCOMPARE(table.bad.size(), std::size_t{3});
    QCOMPARE(table.bad[0].first, std::int64_t{1});
    VERIFY_SAYS(table.bad[0].second, "belongs to no abstract", "###");
    VERIFY_SAYS(table.bad[1].second, "has no tab");
    QCOMPARE(table.bad[2].first, std::int64_t{6});
}

void PubMedReaderTest::theSameAtEveryChunk() {
    const std::string bytes = "###1\r\nA\tb\r\n\r\n###22\r\nno tab\r\nC\td e\r\n";
    const Table whole = read(bytes);
    for (std::size_t chunk = 1; chunk < 20; ++chunk)
        QVERIFY(read(bytes, {chunk, std::size_t{1} << 20}) == whole);
}

QTEST_GUILESS_MAIN(PubMedReaderTest)
#include "pubmed_reader_test.moc"
