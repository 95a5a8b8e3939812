#include "core/data/open_records.h"

#include "fixtures.h"

#include <QtTest>
#include <thread>
#include <unistd.h>

using namespace stillroom;
using namespace stillroom::test;

class OpenRecordsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void theEndingSaysTheFormat();
    void theSettingSaysItBetter();
    void opensEveryFormat();
    void aTextFileTellsByItsFirstLine();
    void withoutAHeader();
    void inAnotherEncoding();
    void delimiterAndQuoting();
    void wrongSettingsAreSentences();
    void namesPathsAsTheUserKnowsThem();
    void aPipe_data();
    void aPipe();
    void aPipeThatNobodyWritesTo();

  private:
    Folder folder_;
    RecordSource source(const std::string& name, std::string_view bytes) const {
        RecordSource source;
        source.path = folder_.write(name, bytes);
        source.shown = name;
        source.setting = "data.train";
        return source;
    }
};

void OpenRecordsTest::theEndingSaysTheFormat() {
    RecordSource source;
    for (const auto& [name, format] :
         {std::pair{"a/b.csv", RecordFormat::Csv}, std::pair{"B.TSV", RecordFormat::Tsv},
          std::pair{"x.y.jsonl", RecordFormat::Jsonl}, std::pair{"a.ndjson", RecordFormat::Jsonl},
          std::pair{"train.txt", RecordFormat::LabelLines}, std::pair{"data.noun", RecordFormat::WordNet}}) {
        source.path = name;
        QCOMPARE(recordFormat(source).value(), format);
    }
}

void OpenRecordsTest::theSettingSaysItBetter() {
    RecordSource source;
    source.path = "a.txt";
    source.format = "csv";
    QCOMPARE(recordFormat(source).value(), RecordFormat::Csv);
}

void OpenRecordsTest::opensEveryFormat() {
    QCOMPARE(tableOf(openRecords(source("a.csv", "a,b\n1,2\n"))).rows, (Rows{{"1", "2"}}));
    QCOMPARE(tableOf(openRecords(source("a.tsv", "a\tb\n1\t\"2\t\"\n"))).rows, (Rows{{"1", "2\t"}}));
    QCOMPARE(tableOf(openRecords(source("a.jsonl", "{\"a\": 1}\n"))).rows, (Rows{{"1"}}));
    QCOMPARE(tableOf(openRecords(source("a.txt", "x;y\n"))).rows, (Rows{{"x", "y"}}));
    QCOMPARE(tableOf(openRecords(source("data.noun", "00000001 05 n 01 x 0 000 | y\n"))).rows,
             (Rows{{"00000001n", "y", "noun.animal"}}));
}

void OpenRecordsTest::aTextFileTellsByItsFirstLine() {
    const std::string abstract = "###123\nMETHODS\tWe; did\n\n";
    QCOMPARE(recordFormat(source("a.txt", abstract)).value(), RecordFormat::PubMedRct);
    QCOMPARE(recordFormat(source("a.txt", "\xEF\xBB\xBF\n" + abstract)).value(), RecordFormat::PubMedRct);
    QCOMPARE(recordFormat(source("a.txt", "##;x\n")).value(), RecordFormat::LabelLines);
    QCOMPARE(tableOf(openRecords(source("a.txt", abstract))).rows, (Rows{{"123-1", "We; did", "METHODS"}}));
    RecordSource told = source("a.txt", abstract);
    told.format = "label_lines";
    QCOMPARE(tableOf(openRecords(told)).rows, (Rows{{"METHODS\tWe", " did"}}));
}

void OpenRecordsTest::withoutAHeader() {
    RecordSource plain = source("a.csv", "\n\"5\",\"a, b\"\n7,c\n");
    plain.header = false;
    const Table table = tableOf(openRecords(plain));
    QCOMPARE(table.columns, (Names{"1", "2"}));
    QCOMPARE(table.rows, (Rows{{"5", "a, b"}, {"7", "c"}}));
    QCOMPARE(table.lines, (std::vector<std::int64_t>{2, 3}));
}

void OpenRecordsTest::inAnotherEncoding() {
    RecordSource german = source("a.csv", "a,b\nK\xE4se,1\n");
    german.encoding = "windows-1252";
    QCOMPARE(tableOf(openRecords(german)).rows, (Rows{{"Käse", "1"}}));
    RecordSource json = source("a.jsonl", std::string("{\0\"\0a\0\"\0:\0\xAC\x20}\0", 14));
    json.encoding = "utf-16"; // no JSON: the euro sign stands without quotes
    QVERIFY(tableOf(openRecords(json)).error.has_value());
    json = source("a.jsonl", std::string("{\0\"\0a\0\"\0:\0\"\0\xAC\x20\"\0}\0\n\0", 20));
    json.encoding = "utf-16";
    QCOMPARE(tableOf(openRecords(json)).rows, (Rows{{"€"}}));
    QCOMPARE(tableOf(openRecords(json)).columns, (Names{"a"}));
}

void OpenRecordsTest::delimiterAndQuoting() {
    RecordSource semicolons = source("a.csv", "a;b\n1;\"2\"\n");
    semicolons.delimiter = ";";
    semicolons.quoting = "none";
    QCOMPARE(tableOf(openRecords(semicolons)).rows, (Rows{{"1", "\"2\""}}));
    for (const char* tab : {"\t", "tab", "\\t"}) {
        RecordSource tabs = source("a.csv", "a\tb\n1\t2\n");
        tabs.delimiter = tab;
        QCOMPARE(tableOf(openRecords(tabs)).rows, (Rows{{"1", "2"}}));
    }
}

void OpenRecordsTest::wrongSettingsAreSentences() {
    const RecordSource good = source("a.csv", "a,b\n1,2\n");
    const auto sentence = [](const RecordSource& wrong) {
        return tableOf(openRecords(wrong)).error.value_or("read");
    };
    RecordSource wrong = good;
    wrong.format = "excel";
    VERIFY_SAYS(sentence(wrong), "data.train.format is 'excel'",
                "csv, tsv, jsonl, label_lines, pubmed_rct or wordnet");
    wrong = good;
    wrong.quoting = "single";
    VERIFY_SAYS(sentence(wrong), "data.train.quoting is 'single'", "double or none");
    for (const char* delimiter : {"ab", "\"", "\n", "\xC3\xA4"}) {
        wrong = good;
        wrong.delimiter = delimiter;
        VERIFY_SAYS(sentence(wrong), "data.train.delimiter");
    }
    VERIFY_SAYS(sentence(source("a.dat", "x")), "a.dat", "ending", "set data.train.format to");
    wrong = good;
    wrong.path = folder_.path("none.dat");
    wrong.shown = "none.dat";
    VERIFY_SAYS(sentence(wrong), "none.dat: there is no such file", "data.train.files");
}

void OpenRecordsTest::namesPathsAsTheUserKnowsThem() {
    QCOMPARE(pathBelow("/data", "humaid/a.csv"), std::string("/data/humaid/a.csv"));
    QCOMPARE(pathBelow("/data/", "../b.csv"), std::string("/b.csv"));
    QCOMPARE(pathBelow("/data", "/c.csv"), std::string("/c.csv"));
    QCOMPARE(pathBelow("", "a.csv"), std::string("a.csv"));
    for (const char* root : {"/data", "/data/", "/data/.", "/x/../data"}) {
        QCOMPARE(shownPath(root, "/data/humaid/a.csv"), std::string("humaid/a.csv"));
        QCOMPARE(shownPath(root, "/database/a.csv"), std::string("/database/a.csv"));
        QCOMPARE(shownPath(root, "/other/./a.csv"), std::string("/other/a.csv"));
    }
    QCOMPARE(shownPath("", "a.csv"), std::string("a.csv"));
    QCOMPARE(shownPath(".", "humaid/a.csv"), std::string("humaid/a.csv"));
}

void OpenRecordsTest::aPipe_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("format");
    const QByteArray csv = "a,text\r\n1,\"x\ny\"\r\n2,z\r\n";
    QTest::newRow("csv") << csv << "csv";
    QTest::newRow("byte order mark") << "\xEF\xBB\xBF" + csv << "csv";
    const QString utf16 = QString::fromUtf8(csv);
    QTest::newRow("UTF-16") << QByteArray("\xFF\xFE") +
                                   QByteArray(reinterpret_cast<const char*>(utf16.utf16()), 2 * utf16.size())
                            << "csv";
    QTest::newRow("jsonl") << QByteArray("{\"text\": \"x\\ny\", \"b\": 1}\n{\"a\": 2, \"text\": \"z\"}\n")
                           << "jsonl";
    QTest::newRow("long") << "a,text\n1,\"x\ny\"\n" + QByteArray(300'000, '\n') + "2,z"
                          << "csv";
}

/// What comes in pieces is read as a file is.
void OpenRecordsTest::aPipe() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, format);
    int ends[2];
    QCOMPARE(pipe(ends), 0);
    std::jthread writer([&bytes, end = ends[1]] {
        for (qsizetype at = 0; at < bytes.size(); at += 7 + at / 4) {
            const auto piece = bytes.mid(at, 7 + at / 4);
            if (::write(end, piece.constData(), static_cast<std::size_t>(piece.size())) != piece.size())
                break;
        }
        close(end);
    });
    RecordSource source;
    source.shown = "the pipe";
    source.setting = "data.train";
    source.format = format.toStdString();
    auto reader = openRecordStream(ends[0], source, {"text", "a"});
    close(ends[0]); // it has its own
    QVERIFY2(reader, reader ? "" : reader.error().message.c_str());
    const auto& columns = (*reader)->columns();
    const auto text =
        static_cast<std::size_t>(std::find(columns.begin(), columns.end(), "text") - columns.begin());
    QVERIFY(text < columns.size());
    std::vector<std::string> texts;
    Record record;
    std::string reason;
    for (;;) {
        const auto next = (*reader)->next(record, reason);
        QVERIFY2(next, next ? "" : next.error().message.c_str());
        if (*next == RecordReader::Next::End)
            break;
        QVERIFY(*next == RecordReader::Next::Record);
        texts.emplace_back(record.fields[text]);
    }
    writer.join();
    QCOMPARE(texts, (std::vector<std::string>{"x\ny", "z"}));
}

void OpenRecordsTest::aPipeThatNobodyWritesTo() {
    int ends[2];
    QCOMPARE(pipe(ends), 0);
    Progress progress;
    std::jthread other([&progress] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        progress.cancel();
    });
    RecordSource source;
    source.shown = "the pipe";
    source.setting = "data.train";
    source.format = "csv";
    SourceOptions options;
    options.watched = &progress;
    const auto reader = openRecordStream(ends[0], source, {}, options);
    other.join();
    QVERIFY(!reader && reader.error().kind == ErrorKind::Cancelled);
    source.format.clear();
    const auto nothingSaid = openRecordStream(ends[0], source, {}, options);
    QVERIFY(!nothingSaid);
    VERIFY_SAYS(nothingSaid.error().message, "the pipe", "set data.train.format to");
    close(ends[0]);
    close(ends[1]);
}

QTEST_GUILESS_MAIN(OpenRecordsTest)
#include "open_records_test.moc"
