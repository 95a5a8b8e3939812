#include "core/data/wordnet_reader.h"

#include "fixtures.h"

#include <QtTest>

using namespace stillroom;
using namespace stillroom::test;

class WordNetReaderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void readsSynsetsAndSkipsTheLicence();
    void everyNounKindHasItsName();
    void whatIsNoSynsetIsBad();

  private:
    Folder folder_;
    Table read(std::string_view bytes) const {
        auto source = SourceFile::open(folder_.write("data.noun", bytes), "data.noun", "data.train.files");
        return tableOf(std::make_unique<WordNetReader>(std::move(*source)));
    }
};

void WordNetReaderTest::readsSynsetsAndSkipsTheLicence() {
    const Table table =
        read("  1 This software | is licensed  \n  2   \n"
             "02084071 05 n 02 dog 0 domestic_dog 0 001 @ 02083346 n 0000 | a thing; \"it | barks\"  \n"
             "00001740 29 v 01 breathe 0 000 01 + 02 00 | draw air\n");
    QCOMPARE(table.columns, (Names{"id", "text", "label"}));
    QCOMPARE(table.rows, (Rows{{"02084071n", "a thing; \"it | barks\"", "noun.animal"},
                               {"00001740v", "draw air", "verb.body"}}));
    QCOMPARE(table.lines, (std::vector<std::int64_t>{3, 4}));
    QVERIFY(table.bad.empty());
}

// lexnames(5WN), nouns.
void WordNetReaderTest::everyNounKindHasItsName() {
    const Names names{"Tops",       "act",           "animal",   "artifact", "attribute",  "body",
                      "cognition",  "communication", "event",    "feeling",  "food",       "group",
                      "location",   "motive",        "object",   "person",   "phenomenon", "plant",
                      "possession", "process",       "quantity", "relation", "shape",      "state",
                      "substance",  "time"};
    QCOMPARE(names.size(), std::size_t{26});
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string number = (i + 3 < 10 ? "0" : "") + std::to_string(i + 3);
        const Table table = read("00000001 " + number + " n 01 x 0 000 | y\n");
        QCOMPARE(table.rows, (Rows{{"00000001n", "y", "noun." + names[i]}}));
    }
}

void WordNetReaderTest::whatIsNoSynsetIsBad() {
    for (const std::string line : {"x", "a;b", "00000001 05 n 01 x 0 000 y", "00000001 45 n 01 x 0 000 | y",
                                   "00000001 -1 n 01 x 0 000 | y", "0000000105 n 01 x 0 000 | y", "|",
                                   "abcdefgh 05 n 01 x 0 000 | y"}) {
        const Table table = read(line + "\n00000001 05 n 01 x 0 000 | y\n");
        QVERIFY2(table.rows.size() == 1 && table.bad.size() == 1, line.c_str());
        VERIFY_SAYS(table.bad[0].second, "no synset of WordNet", "format");
    }
}

QTEST_GUILESS_MAIN(WordNetReaderTest)
#include "wordnet_reader_test.moc"
