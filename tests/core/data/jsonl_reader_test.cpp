#include "core/data/jsonl_reader.h"

#include "core/base/random.h"

#include "fixtures.h"

#include <QtTest>

using namespace stillroom;
using namespace stillroom::test;

class JsonlReaderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void valuesAsTextOrJson();
    void keysOfTheFirstThousandAreColumns();
    void anyOrderAndTheLastOfTwo();
    void everyLineEndingAndChunk();
    void whatIsNoObjectIsBad();
    void anArrayIsExplained();
    void noObjectIsExplained();
    void aLineOverTheLimitIsAnError();
    void damagedJsonNeverCrashes();

  private:
    Folder folder_;
    Table read(std::string_view bytes, SourceOptions options = {}) const {
        const std::string path = folder_.write("a.jsonl", bytes);
        auto source = SourceFile::open(path, "a.jsonl", "data.train.files", options);
        if (!source) {
            Table table;
            table.error = source.error().message;
            return table;
        }
        return tableOf(JsonlReader::open(path, std::move(*source), options));
    }
};

void JsonlReaderTest::valuesAsTextOrJson() {
    const Table table =
        read(R"({"id": 1167883326872375298, "text": "a \"b\"\nK\u00e4se \ud83d\ude00", "p": 0.950, )"
             R"("q": {"x": 0.9, "y": [1, 2]}, "v": [0.1,0.9], "ok": true, "none": null, "no": "null"})"
             "\n");
    QVERIFY(!table.error);
    QCOMPARE(table.columns, (Names{"id", "text", "p", "q", "v", "ok", "none", "no"}));
    QCOMPARE(table.rows, (Rows{{"1167883326872375298", "a \"b\"\nKäse 😀", "0.950",
                                R"({"x": 0.9, "y": [1, 2]})", "[0.1,0.9]", "true", "", "null"}}));
}

void JsonlReaderTest::keysOfTheFirstThousandAreColumns() {
    std::string bytes = "{\"a\": \"1\"}\n{\"b\": \"2\", \"a\": \"3\"}\n";
    for (int i = 2; i < 1000; ++i)
        bytes += "{\"a\": \"x\"}\n";
    bytes += "{\"late\": 1, \"b\": \"y\"}\n";
    const Table table = read(bytes);
    QVERIFY(!table.error);
    QCOMPARE(table.columns, (Names{"a", "b"}));
    QCOMPARE(table.rows[0], (Names{"1", ""}));
    QCOMPARE(table.rows[1], (Names{"3", "2"}));
    QCOMPARE(table.rows[1000], (Names{"", "y"}));
    QVERIFY(table.bad.empty());
}

void JsonlReaderTest::anyOrderAndTheLastOfTwo() {
    const Table table =
        read("{\"a\":1,\"b\":2}\n{\"b\":3,\"a\":4}\n{\"a\":5,\"a\":6}\n{\"\\u0061\":7}\n{}\n");
    QCOMPARE(table.rows, (Rows{{"1", "2"}, {"4", "3"}, {"6", ""}, {"7", ""}, {"", ""}}));
}

void JsonlReaderTest::everyLineEndingAndChunk() {
    for (const std::string ending : {"\n", "\r\n"})
        for (const std::size_t chunk : {1, 7, 100, 100000}) {
            const Table table = read("\xEF\xBB\xBF{\"a\": \"x\"}" + ending + ending + "  " + ending +
                                         "{\"a\": \"y\"}" + ending + "{\"a\": \"z\"}",
                                     {chunk, 1000});
            QVERIFY(!table.error);
            QCOMPARE(table.rows, (Rows{{"x"}, {"y"}, {"z"}}));
            QCOMPARE(table.lines, (std::vector<std::int64_t>{1, 4, 5}));
        }
}

void JsonlReaderTest::whatIsNoObjectIsBad() {
    const Names wrong{"{\"a\": ",    "{\"a\": 1", "{\"a\": 1} x", "{\"a\": 1}{\"a\": 2}", "\"a\"",
                      "12",          "{\"a\" 1}", "{a: 1}",       "{\"a\": tru}",         "{\"a\": nul}",
                      "{\"a\": 1x}", "null",      "{\"a\": \"x}", "{\"a\": 1,}",          "plain text"};
    for (const auto& line : wrong) {
        const Table table = read("{\"a\": \"good\"}\n" + line + "\n{\"a\": \"after\"}\n");
        QVERIFY(!table.error);
        QVERIFY2(table.rows == (Rows{{"good"}, {"after"}}), line.c_str());
        QCOMPARE(table.bad.size(), std::size_t{1});
        QCOMPARE(table.bad[0].first, std::int64_t{2});
        VERIFY_SAYS(table.bad[0].second, "is no JSON object", "correct or remove the line");
    }
}

void JsonlReaderTest::anArrayIsExplained() {
    const Table table = read("\n[{\"a\": 1},\n{\"a\": 2}]\n");
    QVERIFY(table.error);
    VERIFY_SAYS(*table.error, "a.jsonl", "JSON array", "one object a line", "data.train.files");
}

void JsonlReaderTest::noObjectIsExplained() {
    const Table table = read("id,text\n1,x\n");
    QVERIFY(table.error);
    VERIFY_SAYS(*table.error, "a.jsonl", "no JSON object", "right format");
}

void JsonlReaderTest::aLineOverTheLimitIsAnError() {
    const Table table = read("{\"a\": 1}\n{\"a\": \"" + std::string(5000, 'x') + "\"}\n", {100, 1000});
    QCOMPARE(table.rows, (Rows{{"1"}}));
    QVERIFY(table.error);
    VERIFY_SAYS(*table.error, "a.jsonl, line 2", "longer than");
}

void JsonlReaderTest::damagedJsonNeverCrashes() {
    std::uint64_t state = 1;
    const auto below = [&](std::size_t bound) {
        state = mix64(state);
        return static_cast<std::size_t>(state % bound);
    };
    const std::string good = R"({"id": "7", "text": "a \"b\" \u00e4", "q": {"x": [0.5, null]}, "p": 1e-3})"
                             "\n";
    constexpr std::string_view Likely = "\"{}[]:,\\u0\xC3\xE2 tn-";
    for (int round = 0; round < 3000; ++round) {
        std::string text = good + good + good;
        for (std::size_t blow = below(6); blow > 0; --blow)
            text[below(text.size())] = Likely[below(Likely.size())];
        const Table whole = read(text);
        QVERIFY2(read(text, {1 + below(50), 10000}) == whole, text.c_str());
        for (const auto& row : whole.rows)
            QCOMPARE(row.size(), whole.columns.size());
    }
}

QTEST_GUILESS_MAIN(JsonlReaderTest)
#include "jsonl_reader_test.moc"
