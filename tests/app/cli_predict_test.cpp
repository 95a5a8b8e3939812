// `predict`: a run's student labels files and the standard input; what comes out is what `evaluate` counts.
#include "cli_process.h"
#include "made_up_data.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace stillroom;
using test::Cli;
using test::Said;

namespace {

/// Cells of a CSV that has no quotes in it.
QList<QStringList> cells(const QByteArray& csv) {
    QList<QStringList> rows;
    for (const auto& line : QString::fromUtf8(csv).split("\r\n", Qt::SkipEmptyParts))
        rows << line.split(',');
    return rows;
}

} // namespace

class CliPredictTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void asEvaluated();
    void eitherStudent();
    void everyFormatSaysTheSame();
    void standardInput();
    void standardInputAsItComes();
    void dashIsStandardOutput();
    void illFormed();
    void interrupted();
    void nobodyReads();
    void whatIsWrong_data();
    void whatIsWrong();
    void memoryIsFlat();

  private:
    Said predict(const QStringList& arguments) {
        return Cli(folder_.path()).run(QStringList{"predict"} + arguments);
    }
    Said predictInput(const QByteArray& input, const QStringList& arguments);

    QTemporaryDir folder_;
    QString run_; ///< relative to it
};

void CliPredictTest::initTestCase() {
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 600));
    QVERIFY(test::writeFile(folder_.filePath("e.yaml"),
                            QByteArray::fromStdString(test::experimentYaml("data.csv", 4))));
    const Said said = Cli(folder_.path()).run({"run", "e.yaml", "--json"});
    QVERIFY2(said.exitCode == 0, said.all());
    run_ = said.json().value("run").toString();
}

/// The share of the test split whose label in the file is gold is the accuracy that `evaluate` prints.
void CliPredictTest::asEvaluated() {
    const Said evaluated = Cli(folder_.path()).run({"evaluate", run_, "--json"});
    QVERIFY2(evaluated.exitCode == 0, evaluated.all());
    const Said said =
        predict({run_, "data.csv", "--id", "id", "--out", "out.csv", "--json", "--threads", "2"});
    QVERIFY2(said.exitCode == 0, said.all());
    QCOMPARE(said.err, QByteArray());
    QCOMPARE(said.json().value("texts").toInt(), 600);
    QCOMPARE(said.json().value("bad_rows").toInt(), 0);
    int counted = 0;
    for (const auto& count : said.json().value("labels").toObject())
        counted += count.toInt();
    QCOMPARE(counted, 600);

    const auto rows = cells(test::readFile(folder_.filePath("out.csv")));
    const auto data = QString::fromUtf8(test::readFile(folder_.filePath("data.csv"))).split('\n');
    QCOMPARE(rows.size(), 601);
    QCOMPARE(rows[0].mid(0, 3), (QStringList{"id", "label", "confidence"}));
    QCOMPARE(rows[0].size(), 3 + 9);
    int right = 0, tested = 0;
    for (int i = 1; i <= 600; ++i) {
        QCOMPARE(rows[i][0], QString::number(i - 1));
        double sum = 0, most = 0;
        for (int k = 3; k < 12; ++k) {
            sum += rows[i][k].toDouble();
            most = std::max(most, rows[i][k].toDouble());
        }
        QVERIFY(std::abs(sum - 1) < 1e-5);
        QCOMPARE(rows[i][2].toDouble(), most);
        QCOMPARE(rows[i][rows[0].indexOf("p_" + rows[i][1])].toDouble(), most);
        // The held-out shares, as README says them: of a hash of seed and row.
        const std::uint64_t hash = mix64(mix64(1) ^ static_cast<std::uint64_t>(i));
        const double share = static_cast<double>(hash >> 11) * 0x1.0p-53;
        if (share < 0.15 || share >= 0.25)
            continue;
        ++tested;
        right += rows[i][1] == data[i].split(',')[2] ? 1 : 0;
    }
    const auto test = evaluated.json().value("test").toObject();
    QVERIFY(tested > 30);
    QVERIFY2(
        std::abs(static_cast<double>(right) / tested - test.value("accuracy").toDouble()) < 1e-9,
        qPrintable(
            QString("%1 of %2 against %3").arg(right).arg(tested).arg(test.value("accuracy").toDouble())));
}

void CliPredictTest::eitherStudent() {
    const Said byRun = predict({run_, "data.csv"});
    QVERIFY2(byRun.exitCode == 0, byRun.all());
    const Said byFile =
        predict({run_ + "/checkpoints/best/student.safetensors", "data.csv", "--text", "text"});
    QVERIFY2(byFile.exitCode == 0, byFile.all());
    QVERIFY(!byRun.out.isEmpty() && byRun.out == byFile.out);
    const Said labels = predict({run_, "data.csv", "--labels-only", "--threads", "3"});
    const auto all = cells(byRun.out), few = cells(labels.out);
    QCOMPARE(few.size(), all.size());
    for (int i = 0; i < all.size(); ++i)
        QCOMPARE(few[i], all[i].mid(0, 3));
}

void CliPredictTest::everyFormatSaysTheSame() {
    QByteArray lines, tsv = "text\tid\n", json;
    for (int i = 0; i < 300; ++i) {
        const QByteArray text = "c1w" + QByteArray::number(i % 40) + " w" + QByteArray::number(i);
        lines += text + '\n';
        tsv += text + "\tx\n";
        json += "{\"other\": [1, {}], \"text\": \"" + text + "\"}\n";
    }
    QVERIFY(test::writeFile(folder_.filePath("a.txt"), lines));
    QVERIFY(test::writeFile(folder_.filePath("a.tsv"), tsv));
    QVERIFY(test::writeFile(folder_.filePath("a.jsonl"), json));
    const Said first = predict({run_, "a.txt"});
    QVERIFY2(first.exitCode == 0, first.all());
    QCOMPARE(cells(first.out).size(), 301);
    for (const char* file : {"a.tsv", "a.jsonl"}) {
        const Said said = predict({run_, file});
        QVERIFY2(said.exitCode == 0, said.all());
        QCOMPARE(said.out, first.out);
    }
    // And as JSON lines.
    const Said said = predict({run_, "a.txt", "--out", "out.jsonl"});
    QVERIFY2(said.exitCode == 0, said.all());
    const auto objects = test::readFile(folder_.filePath("out.jsonl")).split('\n');
    const auto rows = cells(first.out);
    QCOMPARE(objects.size(), 301);
    for (int i = 0; i < 300; ++i) {
        const auto object = QJsonDocument::fromJson(objects[i]).object();
        QCOMPARE(object.value("row").toString(), rows[i + 1][0]);
        QCOMPARE(object.value("label").toString(), rows[i + 1][1]);
        QCOMPARE(object.value("confidence").toDouble(), rows[i + 1][2].toDouble());
        QCOMPARE(object.value(rows[0][7]).toDouble(), rows[i + 1][7].toDouble());
    }
}

Said CliPredictTest::predictInput(const QByteArray& input, const QStringList& arguments) {
    QProcess process;
    process.setWorkingDirectory(folder_.path());
    process.start(Cli::program(), QStringList{"predict", run_, "-"} + arguments);
    process.write(input);
    process.closeWriteChannel();
    process.waitForFinished(120'000);
    Said said;
    said.exitCode = process.exitCode();
    said.out = process.readAllStandardOutput();
    said.err = process.readAllStandardError();
    return said;
}

void CliPredictTest::standardInput() {
    const Said file = predict({run_, "data.csv"});
    const Said csv = predictInput(test::readFile(folder_.filePath("data.csv")), {"--format", "csv"});
    QVERIFY2(csv.exitCode == 0, csv.all());
    QVERIFY(csv.out == file.out);
    const Said lines = predictInput("c1w1 c1w2\n\nc2w1", {"--out", "in.csv", "--json"});
    QVERIFY2(lines.exitCode == 0, lines.all());
    QCOMPARE(lines.json().value("texts").toInt(), 3);
    const Said json = predictInput("{\"text\": \"c1w1\"}\n{\"n\": 1}\n", {"--format", "jsonl"});
    QVERIFY2(json.exitCode == 3 && json.err.contains("line 2: has no 'text'"), json.all());
    Cli closed(folder_.path()); // whatever else is opened does not take its place
    closed.startThrough({"sh", "-c", "exec \"$0\" \"$@\" <&-"});
    const Said none = closed.run({"predict", run_, "-"});
    QVERIFY2(none.exitCode == 3 && none.err.contains("the standard input: is empty"), none.all());
    const Said nothing = predictInput("", {});
    QVERIFY2(nothing.exitCode == 3 && nothing.err.contains("the standard input: is empty"), nothing.all());
}

/// A pipe that stays open: Ctrl-C ends the waiting, and the file is not there.
void CliPredictTest::standardInputAsItComes() {
    QProcess process;
    process.setWorkingDirectory(folder_.path());
    process.start(Cli::program(), {"predict", run_, "-", "--out", "never.csv"});
    process.write("c1w1\n");
    QVERIFY(process.waitForStarted());
    QTest::qWait(3000 * test::Slowness);
    QCOMPARE(process.state(), QProcess::Running);
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(20'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 130);
    QVERIFY(!test::everythingIn(folder_.path()).join(' ').contains("never.csv"));
}

void CliPredictTest::dashIsStandardOutput() {
    const Said plain = predict({run_, "data.csv"});
    for (const char* out : {"-", "/dev/stdout"}) {
        const Said said = predict({run_, "data.csv", "--out", out});
        QVERIFY2(said.exitCode == 0, said.all());
        QVERIFY(!said.out.isEmpty() && said.out == plain.out);
    }
    QVERIFY(!QFile::exists(folder_.filePath("-")));
}

void CliPredictTest::illFormed() {
    QVERIFY(test::writeFile(folder_.filePath("ill.txt"), "c1w1 \xFF\n"));
    const Said said = predict({run_, "ill.txt"});
    QVERIFY2(said.exitCode == 0 && said.err.contains("ill.txt: 1 ill-formed UTF-8 sequences"), said.all());
}

void CliPredictTest::interrupted() {
    QByteArray many;
    for (int i = 0; i < 4000; ++i)
        many += "c1w" + QByteArray::number(i % 40) + " and so on for quite a while w" +
                QByteArray::number(i) + '\n';
    QFile file(folder_.filePath("many.txt"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    for (int i = 0; i < 1000; ++i)
        file.write(many);
    file.close();
    QVERIFY(test::writeFile(folder_.filePath("kept.csv"), "old"));
    Cli cli(folder_.path());
    cli.start({"predict", run_, "many.txt", "--out", "kept.csv", "--threads", "1"});
    const auto writing = [&] {
        return !test::everythingIn(folder_.path()).filter(QRegularExpression("^\\.kept")).isEmpty();
    };
    QVERIFY(QTest::qWaitFor(writing, 20'000));
    cli.send(SIGINT);
    const Said said = cli.finish();
    QVERIFY2(said.exitCode == 130, said.all());
    QCOMPARE(said.lines().size(), 1);
    QCOMPARE(test::readFile(folder_.filePath("kept.csv")), QByteArray("old"));
    QVERIFY(!writing());
    QVERIFY(QFile::remove(folder_.filePath("many.txt")));
}

void CliPredictTest::nobodyReads() {
    Cli cli(folder_.path());
    cli.sendOutputTo("/dev/full");
    const Said said = cli.run({"predict", run_, "data.csv"});
    QVERIFY2(said.exitCode == 3 && said.lines().size() == 1 && said.err.contains("the disk is full"),
             said.all());
    Cli closed(folder_.path());
    closed.startThrough({"sh", "-c", "exec \"$0\" \"$@\" >&-"});
    const Said nowhere = closed.run({"predict", run_, "data.csv"});
    QVERIFY2(nowhere.exitCode == 3 && nowhere.lines().size() == 1 && nowhere.err.contains("it is closed"),
             nowhere.all());
}

void CliPredictTest::whatIsWrong_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char* name, const QStringList& arguments, int exitCode, const char* says) {
        QTest::newRow(name) << arguments << exitCode << QByteArray(says);
    };
    row("no run", {"no", "data.csv"}, 3, "no: there is no such file");
    row("no student", {"e.yaml", "data.csv"}, 3, "e.yaml");
    row("no run's folder", {".", "data.csv"}, 3, "is not a run's folder");
    row("no file", {run_, "no.csv"}, 3, "no.csv: there is no such file; correct the path");
    row("column", {run_, "data.csv", "--text", "txt"}, 3, "did you mean 'text'? set --text to one of");
    row("id", {run_, "data.csv", "--id", "idd"}, 3, "set --id to one of");
    row("json without out", {run_, "data.csv", "--json"}, 2, "--out");
    row("format", {run_, "data.csv", "--format", "xml"}, 2, "--format");
    row("no folder", {run_, "data.csv", "--out", "no/such/out.csv"}, 3, "no/such/out.csv");
    row("the texts themselves", {run_, "data.csv", "--out", "./data.csv"}, 3, "is the file with the texts");
    row("json into standard output", {run_, "data.csv", "--json", "--out", "/dev/stdout"}, 2, "--out");
    row("json into -", {run_, "data.csv", "--json", "--out", "-"}, 2, "--out");
    row("no name", {run_, "data.csv", "--out", ""}, 2, "--out names no file");
    row("into the run", {run_, "data.csv", "--out", run_ + "/run.sqlite"}, 3, "the run's own folder");
    row("the student", {run_, "data.csv", "--out", run_ + "/checkpoints/best/student.safetensors"}, 3,
        "the run's own folder");
    row("the student's run",
        {run_ + "/checkpoints/best/student.safetensors", "data.csv", "--text", "text", "--out",
         run_ + "/labels.csv"},
        3, "the run's own folder");
    row("a folder", {run_, "."}, 3, "is a folder, not a file; name a file in it");
    row("threads", {run_, "data.csv", "--threads", "-1"}, 2, "--threads");
}

void CliPredictTest::whatIsWrong() {
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, says);
    const Said said = predict(arguments + QStringList{"--quiet"});
    QVERIFY2(said.exitCode == exitCode, said.all());
    QVERIFY2(said.lines().size() == 1 && said.err.contains(says) && said.out.isEmpty(), said.all());
}

/// Ten times the texts in the same memory.
void CliPredictTest::memoryIsFlat() {
    if (test::Slowness > 1)
        QSKIP("a sanitizer's memory grows by itself");
    const auto peak = [&](int repeats) {
        QByteArray block;
        for (int i = 0; i < 1000; ++i)
            block += "c1w" + QByteArray::number(i % 40) + " and so on for quite a while w" +
                     QByteArray::number(i) + '\n';
        QFile file(folder_.filePath("flat.txt"));
        if (!file.open(QIODevice::WriteOnly))
            return 0L;
        for (int i = 0; i < repeats; ++i)
            file.write(block);
        file.close();
        const QByteArray program = Cli::program().toUtf8(), run = folder_.filePath(run_).toUtf8(),
                         input = file.fileName().toUtf8();
        const pid_t child = fork();
        if (child == 0) {
            dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
            execl(program.constData(), program.constData(), "predict", run.constData(), input.constData(),
                  "--threads", "2", "--quiet", nullptr);
            _exit(127);
        }
        int status = 0;
        rusage usage{};
        wait4(child, &status, 0, &usage);
        return status == 0 ? usage.ru_maxrss : 0L;
    };
    const long few = peak(50), many = peak(500);
    QVERIFY(few > 0 && many > 0);
    QVERIFY2(many < few + few / 10, qPrintable(QString("%1 kB, then %2 kB").arg(few).arg(many)));
}

QTEST_GUILESS_MAIN(CliPredictTest)
#include "cli_predict_test.moc"
