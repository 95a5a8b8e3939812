// What is written of a file of texts: each line, their order with many threads, both formats, and that what
// ends early leaves nothing behind.
#include "core/output/prediction_place.h"
#include "core/output/predictions.h"

#include "weather.h"

#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>
#include <memory>

using namespace stillroom;
using test::Weather;

class PredictionsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { texts_ = std::make_unique<test::LabelledFolder>(); }
    void csv();
    void jsonl();
    void labelsOnly();
    void order_data();
    void order();
    void oneCallAtATime();
    void theStudentFails();
    void theStudentThrows();
    void theSinkFails();
    void cancelled();
    void whichStudent();
    void idsCalledAsOurs();
    void idsStayAsTheyAre();
    void headWithTheFirstTexts();
    void formatsByEnding();
    void outsideTheRun();
    void noNumbers();
    void intoItsOwnTexts();

  private:
    std::unique_ptr<test::LabelledFolder> texts_;
};

void PredictionsTest::csv() {
    PredictionSource source{
        texts_->write("a.csv", "id,text\r\n7,sunny\n=1+1,=rain\n\"a,b\",\"cold,\nwet\"\n")};
    source.id = "id";
    const auto report = texts_->predict(source);
    QVERIFY2(report, report ? "" : report.error().message.c_str());
    QCOMPARE(report->texts, 3);
    QCOMPARE(report->byClass, (std::vector<std::int64_t>{1, 1, 1}));
    const QStringList lines = QString::fromStdString(texts_->out).split("\r\n");
    QCOMPARE(lines.size(), 5); // the last one empty
    QCOMPARE(lines[0], QString("id,label,confidence,\"p_sun, mostly\",p_=rain,\"p_\"\"other\"\" この\""));
    float p[3];
    Weather::distribution("sunny", p);
    const QStringList parts = lines[1].split(','); // one comma is in the class's name
    QCOMPARE(parts.size(), 7);
    QCOMPARE(parts.mid(0, 3), (QStringList{"7", "\"sun", " mostly\""}));
    QCOMPARE(parts[3].toFloat(), p[0]); // read as the same float
    QCOMPARE(parts[4], parts[3]);
    QCOMPARE(parts[6].toFloat(), p[2]);
    QVERIFY2(lines[2].startsWith("=1+1,=rain,"), qPrintable(lines[2])); // as it is: it is data
    QVERIFY2(lines[3].startsWith("\"a,b\",\"\"\"other\"\" この\","), qPrintable(lines[3]));
}

void PredictionsTest::jsonl() {
    PredictionSource source{texts_->write("a.jsonl",
                                          "{\"text\": \"sunny\", \"n\": 12}\n\n{\"n\": \"a\\\"\\n\\u0001b\", "
                                          "\"text\": \"=rain\"}\n")};
    source.id = "n";
    PredictionSettings settings;
    settings.format = PredictionFormat::Jsonl;
    const auto report = texts_->predict(source, settings);
    QVERIFY2(report, report ? "" : report.error().message.c_str());
    const auto lines = texts_->lines();
    QCOMPARE(lines.size(), 3);
    const auto first = QJsonDocument::fromJson(lines[0]).object(),
               second = QJsonDocument::fromJson(lines[1]).object();
    QCOMPARE(first.value("n").toString(), QString("12"));
    QCOMPARE(first.value("label").toString(), QString("sun, mostly"));
    QCOMPARE(second.value("n").toString(), QString("a\"\n\u0001b"));
    QCOMPARE(second.value("label").toString(), QString("=rain")); // no formula here
    QCOMPARE(first.size(), 6);
    float p[3];
    Weather::distribution("=rain", p);
    QCOMPARE(static_cast<float>(second.value("p_=rain").toDouble()), p[1]);
    QCOMPARE(static_cast<float>(second.value("p_\"other\" この").toDouble()), p[2]);
    QCOMPARE(second.value("confidence"), second.value("p_=rain"));
}

void PredictionsTest::labelsOnly() {
    PredictionSettings settings;
    settings.probabilities = false;
    QVERIFY(texts_->predict({texts_->write("a.txt", "sunny\n")}, settings));
    QCOMPARE(texts_->out.substr(0, texts_->out.find('\n') + 1), std::string("row,label,confidence\r\n"));
    QCOMPARE(std::count(texts_->out.begin(), texts_->out.end(), ','),
             2 + 1 + 2); // and that of the class's name
}

void PredictionsTest::order_data() {
    QTest::addColumn<int>("threads");
    for (const int threads : {1, 2, 3, 8})
        QTest::addRow("%d threads", threads) << threads;
}

/// The n-th line is of the n-th text, whoever was faster.
void PredictionsTest::order() {
    QFETCH(int, threads);
    QByteArray texts;
    constexpr int Count = 20'003;
    for (int i = 0; i < Count; ++i)
        texts += "text number " + QByteArray::number(i) + (i % 400 == 0 ? QByteArray(3000, 'x') : "") + '\n';
    PredictionSettings settings;
    settings.threads = threads;
    const auto report = texts_->predict({texts_->write("a.txt", texts)}, settings);
    QVERIFY2(report, report ? "" : report.error().message.c_str());
    QCOMPARE(report->texts, Count);
    const auto lines = texts_->lines();
    QCOMPARE(lines.size(), Count + 2);
    for (int i = 0; i < Count; ++i)
        QVERIFY2(lines[i + 1].startsWith(QByteArray::number(i + 1) + ','), lines[i + 1].constData());
    static std::string one; // the same bytes with any number of threads
    if (threads == 1)
        one = texts_->out;
    QVERIFY(texts_->out == one);
}

void PredictionsTest::oneCallAtATime() {
    QByteArray texts;
    for (int i = 0; i < 9000; ++i)
        texts += "a\n";
    PredictionSettings settings;
    settings.threads = 4;
    const auto report = texts_->predict({texts_->write("a.txt", texts)}, settings, false);
    QVERIFY2(report, report ? "" : report.error().message.c_str());
    QCOMPARE(report->texts, 9000);
}

void PredictionsTest::theStudentFails() {
    QByteArray texts;
    for (int i = 0; i < 6000; ++i)
        texts += i == 4500 ? "fail\n" : "a\n";
    texts_->write("out.csv", "old");
    PredictionSettings settings;
    settings.threads = 3;
    Progress progress;
    const auto report = predictToFile(Weather(true), {texts_->write("a.txt", texts)}, settings,
                                      texts_->folder.filePath("out.csv").toStdString(), progress);
    QVERIFY(!report && report.error().message == "the student fails");
    QFile old(texts_->folder.filePath("out.csv"));
    QVERIFY(old.open(QIODevice::ReadOnly));
    QCOMPARE(old.readAll(), QByteArray("old"));
    QCOMPARE(QDir(texts_->folder.path()).entryList(QDir::Files | QDir::Hidden, QDir::Name),
             (QStringList{"a.txt", "out.csv"}));
}

void PredictionsTest::theStudentThrows() {
    PredictionSettings settings;
    settings.threads = 3;
    const auto report = texts_->predict({texts_->write("a.txt", "a\nthrow\n")}, settings);
    QVERIFY(!report);
    QCOMPARE(report.error().message, std::string("labelling failed: thrown"));
}

void PredictionsTest::theSinkFails() {
    QByteArray texts;
    for (int i = 0; i < 9000; ++i)
        texts += "a\n";
    PredictionSettings settings;
    settings.threads = 3;
    int calls = 0;
    Progress progress;
    const auto report = predictRecords(
        Weather(true), {texts_->write("a.txt", texts)}, settings,
        [&calls](std::string_view) -> Result<void> {
            if (++calls == 4)
                return fail("the disk is full");
            return {};
        },
        progress);
    QVERIFY(!report && report.error().message == "the disk is full");
    QCOMPARE(calls, 4); // nothing is written behind what is missing
}

void PredictionsTest::cancelled() {
    QByteArray texts;
    for (int i = 0; i < 50'000; ++i)
        texts += "a\n";
    Progress progress;
    int calls = 0;
    const auto report = predictRecords(
        Weather(true), {texts_->write("a.txt", texts)}, {},
        [&](std::string_view) -> Result<void> {
            if (++calls == 3)
                progress.cancel();
            return {};
        },
        progress);
    QVERIFY(!report && report.error().kind == ErrorKind::Cancelled);
    QVERIFY(calls < 20);
}

void PredictionsTest::whichStudent() {
    const auto none = chooseStudent(texts_->folder.filePath("no").toStdString());
    QVERIFY(!none && none.error().message.find("there is no such file") != std::string::npos);
    const auto folder = chooseStudent(texts_->folder.path().toStdString());
    QVERIFY(!folder && folder.error().message.find("is not a run's folder") != std::string::npos);
    texts_->write("experiment.yaml", "data:\n  train: {files: a.csv, text: [title, body]}\n  unescape_html: "
                                     "true\nteacher: {kind: gold}\n");
    const auto empty = chooseStudent(texts_->folder.path().toStdString());
    QVERIFY(!empty);
    QVERIFY2(empty.error().message.find("holds no student") != std::string::npos,
             empty.error().message.c_str());
    QVERIFY(QDir(texts_->folder.path()).mkpath("checkpoints/best"));
    const std::string student = texts_->write("checkpoints/best/student.safetensors", "x");
    const auto chosen = chooseStudent(texts_->folder.path().toStdString());
    QVERIFY2(chosen, chosen ? "" : chosen.error().message.c_str());
    QCOMPARE(chosen->path, student);
    QCOMPARE(chosen->textColumns, (std::vector<std::string>{"title", "body"}));
    QVERIFY(chosen->unescapeHtml);
    const auto file = chooseStudent(student);
    QVERIFY(file && file->path == student && file->textColumns.empty());
}

/// Two columns of one name are one too many.
void PredictionsTest::idsCalledAsOurs() {
    PredictionSource source{texts_->write("a.csv", "label,text\r\n7,sunny\n")};
    source.id = "label";
    QVERIFY(texts_->predict(source));
    QVERIFY2(texts_->out.starts_with("id,label,confidence,"), texts_->out.c_str());
    PredictionSettings settings;
    settings.format = PredictionFormat::Jsonl;
    QVERIFY(texts_->predict(source, settings));
    QCOMPARE(QJsonDocument::fromJson(texts_->lines()[0]).object().value("id").toString(), QString("7"));
}

/// Whoever joins by them finds them again.
void PredictionsTest::idsStayAsTheyAre() {
    PredictionSource source{texts_->write("a.csv", "id,text\n-5,a\n@bob,a\n+1,a\n'x,a\n\" y\",a\n\t7,a\n")};
    source.id = "id";
    QVERIFY(texts_->predict(source));
    const auto lines = texts_->lines();
    QCOMPARE(lines.size(), 8);
    const QList<QByteArray> ids{"-5", "@bob", "+1", "'x", " y", "\t7"};
    for (int i = 0; i < ids.size(); ++i)
        QVERIFY2(lines[i + 1].startsWith(ids[i] + ','), lines[i + 1].constData());
}

void PredictionsTest::headWithTheFirstTexts() {
    PredictionSettings settings;
    settings.badRows = BadRowPolicy::Skip;
    const auto none = texts_->predict({texts_->write("a.csv", "text,b\nx\n")}, settings);
    QVERIFY2(none, none ? "" : none.error().message.c_str());
    QVERIFY(texts_->out.starts_with("row,label,") && texts_->lines().size() == 2); // a table without rows
    QVERIFY(!texts_->predict({texts_->write("b.csv", "text,b\nx\n")}));
    QCOMPARE(texts_->out, std::string());
    settings.format = PredictionFormat::Jsonl;
    QVERIFY(texts_->predict({texts_->write("c.csv", "text,b\nx\n")}, settings));
    QCOMPARE(texts_->out, std::string());
}

void PredictionsTest::formatsByEnding() {
    for (const char* lines : {"a.jsonl", "a.JSONL", "b/a.Ndjson"})
        QVERIFY2(predictionFormatOf(lines) == PredictionFormat::Jsonl, lines);
    for (const char* table : {"a.csv", "a", "jsonl", "a.json.csv", ""})
        QVERIFY2(predictionFormatOf(table) == PredictionFormat::Csv, table);
}

/// Labels are not to be written over what makes them.
void PredictionsTest::outsideTheRun() {
    const QDir folder(texts_->folder.path());
    const auto path = [&folder](const char* name) { return folder.filePath(name).toStdString(); };
    QVERIFY(folder.mkpath("run/checkpoints/000030-student") && folder.mkpath("run/output/a") &&
            folder.mkpath("run-2"));
    texts_->write("run/experiment.yaml", "x");
    const std::string student = texts_->write("run/checkpoints/000030-student/student.safetensors", "x"),
                      alone = texts_->write("alone.safetensors", "x");
    QVERIFY(QFile::link(folder.filePath("run"), folder.filePath("link")));
    QVERIFY(QFile::link("000030-student", folder.filePath("run/checkpoints/best")));
    QVERIFY(QFile::link(folder.filePath("alone.safetensors"), folder.filePath("another.csv")));
    for (const std::string& from :
         {path("run"), path("link"), student, path("link/checkpoints/best/student.safetensors")}) {
        for (const char* out :
             {"run/run.sqlite", "run/x.csv", "run/output", "run/output/../x.csv", "run-2/../run/x.csv",
              "link/experiment.yaml", "run/checkpoints/best/student.safetensors", "run/new/x.csv"}) {
            const auto outside = outsideRun(path(out), from);
            QVERIFY2(!outside && outside.error().kind == ErrorKind::BadInput, out);
        }
        for (const char* out : {"x.csv", "run/output/x.csv", "run/output/a/x.csv", "link/output/x.csv",
                                "run-2/x.csv", "run.csv", "run/../x.csv"})
            QVERIFY2(outsideRun(path(out), from), out);
    }
    for (const char* out : {"alone.safetensors", "./alone.safetensors", "another.csv"})
        QVERIFY2(!outsideRun(path(out), alone), out);
    QVERIFY(outsideRun(path("run/x.csv"), alone) && outsideRun(path("x.csv"), path("no such")));
}

void PredictionsTest::noNumbers() {
    const auto report = texts_->predict({texts_->write("a.txt", "sunny\nnan\n")});
    QCOMPARE(texts_->out, std::string());
    QVERIFY(!report);
    QVERIFY2(report.error().message.find("are not numbers") != std::string::npos,
             report.error().message.c_str());
}

void PredictionsTest::intoItsOwnTexts() {
    const std::string path = texts_->write("a.txt", "sunny\n");
    Progress progress;
    const auto report = predictToFile(Weather(true), {path}, {},
                                      (texts_->folder.path() + "/./a.txt").toStdString(), progress);
    QVERIFY(!report && report.error().message.find("is the file with the texts") != std::string::npos);
    QFile file(texts_->folder.filePath("a.txt"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("sunny\n"));
}

QTEST_GUILESS_MAIN(PredictionsTest)
#include "predictions_test.moc"
