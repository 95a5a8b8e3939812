// Which texts are read of a file that is to be labelled: columns, bad rows, odd lines, and what is wrong with
// it.
#include "core/output/predictions.h"

#include "weather.h"

#include <QDir>
#include <QtTest>
#include <memory>

using namespace stillroom;
using test::Weather;

class PredictionInputTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { texts_ = std::make_unique<test::LabelledFolder>(); }
    void columns();
    void usualColumns();
    void badRowsStop();
    void badRowsSkip();
    void badIds();
    void saidToBeUtf16();
    void whatIsWrong_data();
    void whatIsWrong();
    void emptyLinesAreTexts();
    void longTexts();

  private:
    std::unique_ptr<test::LabelledFolder> texts_;
};

void PredictionInputTest::columns() {
    PredictionSource source{texts_->write("a.tsv", "title\tbody\n&lt;\tsunny\n\tsunny\nsunny\t\n")};
    source.text = {"title", "body"};
    QVERIFY(texts_->predict(source));
    const auto label = [this](int row) { return texts_->lines()[row].contains("sun, mostly"); };
    QVERIFY(!label(1) && label(2) && label(3)); // an empty part adds nothing, not even a line
    source = {texts_->write("b.csv", "text\n&#115;unny\n")};
    QVERIFY(texts_->predict(source) && !label(1));
    source.unescapeHtml = true;
    QVERIFY(texts_->predict(source) && label(1));
    source = {texts_->write("c.csv", "x;sunny\n")};
    source.header = false;
    source.delimiter = ";";
    source.text = {"2"};
    QVERIFY(texts_->predict(source) && label(1));
}

void PredictionInputTest::usualColumns() {
    PredictionSource source{texts_->write("a.csv", "tweet_text,other\nsunny,x\n")};
    auto report = texts_->predict(source);
    QVERIFY(!report);
    QVERIFY2(report.error().message.find("set --text to one of") != std::string::npos,
             report.error().message.c_str());
    source.usualText = {"tweet_text"};
    QVERIFY(texts_->predict(source));
    source = {texts_->write("b.csv", "anything\nsunny\n")}; // the only column there is, and not called so
    source.usualText = {"tweet_text"};
    report = texts_->predict(source);
    QVERIFY(!report);
    QVERIFY2(report.error().message.find("there is no column 'tweet_text', which the student was trained "
                                         "on, nor 'text'; ") != std::string::npos,
             report.error().message.c_str());
    source.path = texts_->write("b.txt", "sunny\n"); // lines have no names
    QVERIFY(texts_->predict(source));
    source.path = texts_->write("b.csv", "sunny\n");
    source.header = false; // nor has this
    QVERIFY(texts_->predict(source));
    source = {texts_->write("c.csv", "text,other\nsunny,x\n")};
    source.usualText = {"tweet_text"};
    QVERIFY(texts_->predict(source));
}

void PredictionInputTest::badRowsStop() {
    QByteArray rows = "text,b\n";
    for (int i = 0; i < 3000; ++i)
        rows += i % 1000 == 999 ? "a\n" : "a,b\n";
    PredictionSource source{texts_->write("a.csv", rows)};
    source.text = {"text"};
    const auto report = texts_->predict(source);
    QVERIFY(!report);
    QCOMPARE(texts_->out, std::string());
    QVERIFY2(report.error().message.starts_with("3 bad rows in 1 file"), report.error().message.c_str());
    QCOMPARE(report.error().details.size(), std::size_t{3});
    QVERIFY2(report.error().details[0].find("line 1001") != std::string::npos,
             report.error().details[0].c_str());
}

void PredictionInputTest::badRowsSkip() {
    PredictionSource source{
        texts_->write("a.jsonl", "{\"text\": \"sunny\"}\nnonsense\n{\"other\": 1}\n{\"text\": \"b\"}\n")};
    PredictionSettings settings;
    settings.badRows = BadRowPolicy::Skip;
    const auto report = texts_->predict(source, settings);
    QVERIFY2(report, report ? "" : report.error().message.c_str());
    QCOMPARE(report->texts, 2);
    QCOMPARE(report->badRows.count, 2);
    QVERIFY2(report->badRows.first[1].sentence().find("line 3: has no 'text'") != std::string::npos,
             report->badRows.first[1].sentence().c_str());
    const auto lines = texts_->lines();
    QVERIFY(lines[1].startsWith("1,") && lines[2].startsWith("4,")); // numbers are the records'
}

/// Missing and null alike; an empty one is somebody's.
void PredictionInputTest::badIds() {
    PredictionSource source{texts_->write("a.jsonl", "{\"text\": \"a\", \"id\": null}\n{\"text\": \"a\"}\n"
                                                     "{\"text\": \"a\", \"id\": 7}\n"
                                                     "{\"text\": \"a\", \"id\": \"\"}\n"
                                                     "{\"text\": null, \"id\": 8}\n")};
    source.id = "id";
    const auto report = texts_->predict(source);
    QVERIFY(!report);
    QCOMPARE(report.error().details.size(), std::size_t{3});
    for (const int i : {0, 1})
        QVERIFY2(report.error().details[static_cast<std::size_t>(i)].find(
                     "line " + std::to_string(i + 1) + ": has no 'id'") != std::string::npos,
                 report.error().details[static_cast<std::size_t>(i)].c_str());
    QVERIFY2(report.error().details[2].find("line 5: has no 'text'") != std::string::npos,
             report.error().details[2].c_str());
    source.path = texts_->write("a.csv", "text,id\na,\n");
    QVERIFY(texts_->predict(source));
}

/// Every two letters would be one of another script.
void PredictionInputTest::saidToBeUtf16() {
    for (const char* name : {"a.csv", "a.txt"}) {
        PredictionSource source{texts_->write(name, "text\nsunny\nand more of it\n")};
        source.encoding = "utf-16";
        const auto report = texts_->predict(source);
        QVERIFY(!report);
        QVERIFY2(report.error().message.find("is not UTF-16") != std::string::npos &&
                     report.error().message.find("set --encoding to utf-8") != std::string::npos,
                 report.error().message.c_str());
        QCOMPARE(texts_->out, std::string());
    }
    PredictionSource source{texts_->write("b.txt", QByteArray("\x53\x30\x6E\x30\n\0", 6))}; // この
    source.encoding = "utf-16";
    QVERIFY(texts_->predict(source));
}

void PredictionInputTest::whatIsWrong_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    QTest::newRow("ending") << "a.bin" << QByteArray("text\na\n")
                            << "set --format to lines, csv, tsv, jsonl, ";
    QTest::newRow("delimiter") << "a.csv" << QByteArray("id;text;b\na;b;c\n") << "set --delimiter to it";
    QTest::newRow("empty") << "a.csv" << QByteArray() << "is empty; name a file with data in it";
    QTest::newRow("binary") << "a.csv" << QByteArray("text\nab\0\0cd\n", 12) << "binary";
    QTest::newRow("utf-16") << "a.txt" << QByteArray("a\0b\0c\0d\0\n\0", 10) << "set --encoding to utf-16";
    QTest::newRow("array") << "a.json" << QByteArray("[{\"text\": \"a\"}]") << "holds a JSON array";
    QTest::newRow("quote") << "a.csv" << QByteArray("text\n\"a\n") << "never closed";
}

void PredictionInputTest::whatIsWrong() {
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    const std::string path = texts_->write(qPrintable(name), bytes);
    const std::string out = texts_->folder.filePath("out.csv").toStdString();
    Progress progress;
    const auto report = predictToFile(Weather(true), {path}, {}, out, progress);
    QVERIFY(!report);
    const QString message = QString::fromStdString(report.error().message);
    QVERIFY2(message.contains(says) && !message.contains("--FILE") && !message.contains('\x01'),
             qPrintable(message));
    QCOMPARE(QDir(texts_->folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{name});
}

void PredictionInputTest::emptyLinesAreTexts() {
    const auto report = texts_->predict({texts_->write("a.txt", "\nsunny\r\n\n")});
    QVERIFY(report);
    QCOMPARE(report->texts, 3);
    QVERIFY(texts_->lines()[2].startsWith("2,\"sun, mostly\""));
}

void PredictionInputTest::longTexts() {
    const auto report = texts_->predict({texts_->write("a.txt", QByteArray(3'000'000, 'a') + "\nsunny\n")});
    QVERIFY(report);
    QCOMPARE(report->texts, 2);
    QCOMPARE(report->byClass[0], 1);
}

QTEST_GUILESS_MAIN(PredictionInputTest)
#include "prediction_input_test.moc"
