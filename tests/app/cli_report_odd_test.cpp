// `report` of runs of which something is missing, without data, without texts; and what it leaves alone.
#include "made_up_data.h"
#include "report_figures.h"
#include "tests/made_run.h"

#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <utility>

using namespace stillroom;
using test::Cli;
using test::Figures;
using test::Said;

class CliReportOddTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    QStringList runs_;

    Said report(const QStringList& arguments) {
        return Cli(folder_.path()).run(QStringList{"report"} + arguments);
    }
    [[nodiscard]] QString at(const QString& path) const { return folder_.filePath(path); }

  private Q_SLOTS:
    void initTestCase();
    void textsCanBeLeftOut();
    void textsOfThePromptCanBeLeftOut();
    void replacesOnlyAReport();
    void replacesNoFileOfItsName_data();
    void replacesNoFileOfItsName();
    void withoutTheData();
    void withOtherData_data();
    void withOtherData();
    void fromRunsThatLackSomething_data();
    void fromRunsThatLackSomething();
    void whatIsWrongIsSaid_data();
    void whatIsWrongIsSaid();
    void isCancelled();
};

void CliReportOddTest::initTestCase() {
    QVERIFY(test::writeData(at("data.csv"), 1200));
    QVERIFY(test::writeFile(at("e.yaml"), QByteArray::fromStdString(test::experimentYaml("data.csv", 2))));
    for (const char* seed : {"1", "2"}) {
        const Said said = Cli(folder_.path()).run({"run", "e.yaml", "--json", "--seed", seed});
        QVERIFY2(said.exitCode == 0, said.all());
        runs_ << said.json().value("run").toString();
    }
}

void CliReportOddTest::textsCanBeLeftOut() {
    const QRegularExpression texts("\\bc\\dw\\d+ ");
    const Said plain = report({runs_[0], "--out", "one", "--quiet"});
    QVERIFY2(plain.exitCode == 0, plain.all());
    QVERIFY(texts.match(QString::fromUtf8(test::readFile(at("one/report.html")))).hasMatch());
    const Said said = report({runs_[0], "--out", "silent", "--no-texts", "--quiet"});
    QVERIFY2(said.exitCode == 0, said.all());
    const QString silent = QString::fromUtf8(test::readFile(at("silent/report.html")));
    QVERIFY(!texts.match(silent).hasMatch());
    QVERIFY(silent.contains("Their texts are left out."));
    QVERIFY(silent.contains("Samples that were kept."));
    if (!QStandardPaths::findExecutable("pdftotext").isEmpty()) {
        QVERIFY(texts.match(QString::fromUtf8(test::pdfText(at("one/report.pdf"))).replace('\n', ' '))
                    .hasMatch());
        QVERIFY(!texts.match(QString::fromUtf8(test::pdfText(at("silent/report.pdf"))).replace('\n', ' '))
                     .hasMatch());
    }
}

/// Examples that an LLM is shown are settings, which name configurations.
void CliReportOddTest::textsOfThePromptCanBeLeftOut() {
    QStringList runs;
    for (const char* text : {"words nobody may read", "more that nobody may read"}) {
        test::MadeRun made;
        made.settings = {{"teacher.kind", "llm"},
                         {"teacher.model", "small"},
                         {"teacher.examples", std::string("[{text: ") + text + ", label: a}]"}};
        runs << QString::fromStdString(test::writeMadeRun(at("prompts").toStdString(), made));
    }
    for (const auto& [arguments, there] :
         {std::pair(QStringList{}, true), std::pair(QStringList{"--no-texts"}, false)}) {
        const Said said = report(runs + arguments + QStringList{"--out", "prompts-report", "--quiet"});
        QVERIFY2(said.exitCode == 0, said.all());
        const QByteArray html = test::readFile(at("prompts-report/report.html"));
        QCOMPARE(html.contains("nobody may read"), there);
        QVERIFY(html.contains("Comparison"));
    }
}

void CliReportOddTest::replacesOnlyAReport() {
    QVERIFY2(report({runs_[1], "--quiet"}).exitCode == 0, "the usual place");
    const QString usual = at(runs_[1] + "/output/report");
    QCOMPARE(test::everythingIn(usual), QStringList({"report.html", "report.pdf"}));
    QVERIFY2(report({runs_[1], "--quiet"}).exitCode == 0, "again");
    QVERIFY(test::writeFile(usual + "/mine.txt", "mine"));
    const QByteArray before = test::readFile(usual + "/report.html");
    const Said said = report({runs_[1], "--quiet"});
    QCOMPARE(said.exitCode, 3);
    QVERIFY2(said.lines().size() == 1 && said.err.contains("output/report"), said.all());
    QCOMPARE(test::readFile(usual + "/mine.txt"), QByteArray("mine"));
    QCOMPARE(test::readFile(usual + "/report.html"), before);
    QCOMPARE(test::everythingIn(at(runs_[1] + "/output")), QStringList({"report"}));
}

void CliReportOddTest::replacesNoFileOfItsName_data() {
    QTest::addColumn<QString>("file");
    QTest::newRow("a folder") << "report.html/mine.txt";
    QTest::newRow("a folder called as the PDF") << "report.pdf/mine.txt";
    QTest::newRow("a page") << "report.html";
    QTest::newRow("a PDF") << "report.pdf";
}

void CliReportOddTest::replacesNoFileOfItsName() {
    QFETCH(QString, file);
    const QString folder = QString("of " + file).replace(' ', '-').replace('/', '-');
    const QString path = at(folder + "/" + file);
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QVERIFY(test::writeFile(path, "%PDF-1.4 <html>mine</html>"));
    const Said said = report({runs_[1], "--out", folder, "--quiet"});
    QVERIFY2(said.exitCode == 3, said.all());
    QVERIFY2(said.lines().size() == 1 && said.err.contains(folder.toUtf8()), said.all());
    QCOMPARE(test::readFile(path), QByteArray("%PDF-1.4 <html>mine</html>"));
    QCOMPARE(test::everythingIn(at(folder)), QStringList(file.section('/', 0, 0)));
}

void CliReportOddTest::withoutTheData() {
    QVERIFY(QFile::rename(at("data.csv"), at("moved.csv")));
    const Said said = report({runs_[0], "--out", "nodata", "--json"});
    QVERIFY2(said.exitCode == 0, said.all());
    QVERIFY(said.json().value("no_data").toString().contains("data.csv"));
    QVERIFY2(said.err.contains("--data"), said.all());
    const QByteArray html = test::readFile(at("nodata/report.html"));
    QVERIFY(html.contains("could not be read"));
    QVERIFY(!html.contains("fig-plane"));
    QVERIFY(!html.contains(folder_.path().toUtf8()));
    QString problem;
    const Figures figures = test::figuresOf(html, problem);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    QVERIFY(figures.contains("run.0.test.accuracy") && !figures.contains("teacher.ece"));
    // Named, they must be there.
    const Said named = report({runs_[0], "--out", "named", "--data", ".", "--quiet"});
    QCOMPARE(named.exitCode, 3);
    QVERIFY(!QFile::exists(at("named")));
    QVERIFY(QFile::rename(at("moved.csv"), at("data.csv")));
}

void CliReportOddTest::withOtherData_data() {
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QByteArray>("says");
    QByteArrayList lines = test::readFile(at("data.csv")).trimmed().split('\n');
    const QByteArray fewer = lines.mid(0, 401).join('\n') + "\n";
    QTest::newRow("fewer rows") << fewer << QByteArray("training samples, and the run had");
    // Each text has what the teacher said of the one before it.
    const auto teacherOf = [](const QByteArray& line) -> QByteArray {
        const auto fields = line.split(',');
        return "," + fields[3] + "," + fields[4];
    };
    QByteArray last = teacherOf(lines.back());
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const QByteArray own = teacherOf(lines[i]);
        lines[i].chop(own.size());
        lines[i] += std::exchange(last, own);
    }
    QTest::newRow("other rows") << QByteArray(lines.join('\n') + "\n")
                                << QByteArray("what the teacher says of the training texts is not what the "
                                              "run recorded");
}

void CliReportOddTest::withOtherData() {
    QFETCH(QByteArray, data);
    QFETCH(QByteArray, says);
    QDir(at("others")).removeRecursively(); // of the row before
    const QByteArray whose = "not those that the run was trained on";
    QVERIFY(QDir().mkpath(at("elsewhere")));
    QVERIFY(test::writeFile(at("elsewhere/data.csv"), data));
    const Said named = report({runs_[0], "--out", "others", "--data", "elsewhere", "--quiet"});
    QVERIFY2(named.exitCode == 3, named.all());
    QVERIFY2(named.lines().size() == 1 &&
                 named.err.contains(QByteArray("the data below elsewhere are " + whose)) &&
                 named.err.contains(says) && named.err.contains("(--data)"),
             named.all());
    QVERIFY(!QFile::exists(at("others")));
    // Where they were, they are as good as not there.
    QVERIFY(QFile::rename(at("data.csv"), at("kept.csv")));
    QVERIFY(test::writeFile(at("data.csv"), data));
    const Said said = report({runs_[0], "--out", "others", "--json"});
    QVERIFY(QFile::remove(at("data.csv")));
    QVERIFY(QFile::rename(at("kept.csv"), at("data.csv")));
    QVERIFY2(said.exitCode == 0, said.all());
    const QByteArray reason = said.json().value("no_data").toString().toUtf8();
    QVERIFY2(reason.contains(whose) && reason.contains(says), said.all());
    const QByteArray html = test::readFile(at("others/report.html"));
    QVERIFY(html.contains(whose));
    QVERIFY(!html.contains("id=\"fig-plane\"") && !html.contains("id=\"tab-kept\""));
}

void CliReportOddTest::fromRunsThatLackSomething_data() {
    QTest::addColumn<QStringList>("runs");
    QTest::addColumn<QString>("says");
    const std::string runs = at("made").toStdString();
    const auto one = [](const std::string& run) { return QStringList{QString::fromStdString(run)}; };
    const auto record = [&](const std::vector<std::string>& classes, std::vector<Event> events,
                            const std::string& rule = "llkd") {
        test::MadeRun made;
        made.rule = rule;
        made.name = "odd & <name>";
        RunOrigin origin;
        origin.version = "0.1.0";
        origin.device = "cpu";
        origin.classes = classes;
        auto run = RunFolder::create(runs, test::made::experimentOf(made), origin);
        if (!run || !(*run)->record(events) || !(*run)->close())
            qFatal("a run could not be recorded");
        return QStringList{QString::fromStdString((*run)->path())};
    };
    test::MadeRun made;
    made.cutOff = true;
    QTest::newRow("cut off") << one(test::writeMadeRun(runs, made)) << "cut off";
    made.cutOff = false;
    made.outcome = Outcome::Failed;
    QTest::newRow("failed") << one(test::writeMadeRun(runs, made)) << "out of memory";
    made.outcome = Outcome::Stopped;
    QTest::newRow("stopped") << one(test::writeMadeRun(runs, made)) << "stopped by hand";
    made.outcome = Outcome::Completed;
    made.steps = 10'000;
    QTest::newRow("10,000 steps") << one(test::writeMadeRun(runs, made)) << "10,000";
    made.steps = 500;
    made.keptShare = 0;
    QTest::newRow("nothing kept") << one(test::writeMadeRun(runs, made)) << "kept nothing at all";
    QTest::newRow("not begun") << record({"a", "b"}, {}) << "no step yet";
    FinishedEvent end;
    end.step = 10;
    end.counts = {100, 100, 50, 50, 1, 1};
    const StartedEvent started{100, 1, 10, 10, 2, "cpu", 2, 0.5};
    QTest::newRow("no step") << record({"a", "b"}, {started}) << "No step of it is recorded";
    StepsEvent lost;
    lost.steps.push_back({1, 10, 5, 5, 3, std::nanf(""), 0.1F});
    FinishedEvent useless = end;
    useless.test = metricsOf({5, 1, 2, 4}, 2);
    useless.test.loss = std::nan("");
    QTest::newRow("diverged") << record({"a", "b"}, {started, lost, useless}) << "Training diverged";
    QTest::newRow("no gold") << record({"a", "b"}, {started, end}) << "No text with gold was measured";
    FinishedEvent validated = end;
    validated.validation = metricsOf({5, 1, 2, 4}, 2);
    QTest::newRow("no test") << record({"a", "b"}, {started, validated}) << "no test split with gold";
    FinishedEvent absent = end;
    absent.test = metricsOf({5, 1, 0, 2, 4, 0, 0, 0, 0}, 3);
    StartedEvent three = started;
    three.classCount = 3;
    QTest::newRow("a class absent") << record({"a", "b", "absent"}, {three, absent}) << "absent";

    std::vector<std::string> names;
    std::vector<std::int64_t> confusion(100 * 100);
    for (std::size_t i = 0; i < 100; ++i) {
        names.push_back("a_class_with_quite_a_long_name_and_<b>markup</b>_\"&'_\x01_" + std::to_string(i));
        confusion[i * 100 + i] = 7;
        confusion[i * 100 + (i * 7 + 1) % 100] += 3;
    }
    StartedEvent many = started;
    many.classCount = 100;
    FinishedEvent hundred = end;
    hundred.test = metricsOf(confusion, 100);
    StepsEvent steps;
    for (int step = 1; step <= 10; ++step) {
        steps.steps.push_back({step, 10, 5, 5, 3, 0.5F, 0.1F});
        WindowRecord window;
        window.firstStep = window.lastStep = step;
        window.candidatesByClass.assign(100, 1);
        window.keptByClass.assign(100, step % 2);
        window.thresholds.teacher.assign(100, 0.5 + 0.01 * step);
        window.thresholds.student.assign(100, 0.3 - 0.01 * step);
        steps.windows.push_back(std::move(window));
    }
    const auto large = record(names, {many, steps, hundred});
    QTest::newRow("100 classes") << large << "_99";
    QTest::newRow("of different data")
        << large + one(test::writeMadeRun(runs, {})) << "of the data of one run alone";
}

void CliReportOddTest::fromRunsThatLackSomething() {
    QFETCH(QStringList, runs);
    QFETCH(QString, says);
    const Said said = report(runs + QStringList{"--out", "odd", "--quiet"});
    QVERIFY2(said.exitCode == 0, said.all());
    const QByteArray html = test::readFile(at("odd/report.html"));
    QString problem;
    const Figures figures = test::figuresOf(html, problem);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    for (auto figure = figures.cbegin(); figure != figures.cend(); ++figure)
        QVERIFY2(test::isRounded(*figure), qPrintable(figure.key() + ": " + figure->shown));
    QVERIFY2(html.contains(says.toUtf8()), html.constData());
    QVERIFY(!html.contains("<b>markup"));
    for (const char* verdict : {"kept nothing at all", "Training diverged"})
        QCOMPARE(html.contains(verdict), says == verdict);
    QVERIFY(!QRegularExpression("<ul>\\s*</ul>").match(QString::fromUtf8(html)).hasMatch());
    QVERIFY2(html.size() < 1'500'000, qPrintable(QString::number(html.size())));
    QVERIFY(test::readFile(at("odd/report.pdf")).startsWith("%PDF"));
    if (!QStandardPaths::findExecutable("pdftotext").isEmpty())
        QVERIFY(test::pdfText(at("odd/report.pdf")).contains("How to do it again"));
}

void CliReportOddTest::whatIsWrongIsSaid_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("no run named") << QStringList{} << 2 << QByteArray("run");
    QTest::newRow("no run there") << QStringList{"runs/no"} << 3 << QByteArray("runs/no");
    QTest::newRow("no run's folder") << QStringList{"runs"} << 3 << QByteArray("runs");
    QTest::newRow("a file in the way")
        << QStringList{runs_[0], "--out", "data.csv"} << 3 << QByteArray("data.csv");
    QTest::newRow("no such place") << QStringList{runs_[0], "--out", "data.csv/deeper"} << 3
                                   << QByteArray("data.csv");
}

void CliReportOddTest::whatIsWrongIsSaid() {
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, says);
    const QByteArray data = test::readFile(at("data.csv"));
    const Said said = report(QStringList{"--quiet"} + arguments);
    QVERIFY2(said.exitCode == exitCode, said.all());
    QVERIFY2(said.lines().size() == 1 && said.err.contains(says), said.all());
    QVERIFY(test::readFile(at("data.csv")) == data);
}

void CliReportOddTest::isCancelled() {
    Cli cli(folder_.path());
    cli.start(QStringList{"report"} + runs_ + QStringList{"--out", "cancelled"});
    // From the moment on which Ctrl-C is asked for.
    const auto asks = [&] {
        const QByteArray status = test::readFile(QStringLiteral("/proc/%1/status").arg(cli.pid()));
        const auto place = status.indexOf("SigCgt:");
        return ((status.mid(place + 7, 20).trimmed().split('\n')[0].toULongLong(nullptr, 16) >>
                 (SIGINT - 1)) &
                1U) != 0;
    };
    while (cli.pid() > 0 && !asks())
        if (cli.waitForEnd(0))
            QSKIP("it was over before it could be cancelled");
    cli.send(SIGINT);
    const Said said = cli.finish();
    if (said.exitCode == 0)
        QSKIP("it was over before it could be cancelled");
    QVERIFY2(said.exitCode == 130, said.all());
    QVERIFY(!QFile::exists(at("cancelled")));
    for (const auto& left : test::everythingIn(folder_.path()))
        QVERIFY2(!left.startsWith(".unfinished"), qPrintable(left));
}

QTEST_GUILESS_MAIN(CliReportOddTest)
#include "cli_report_odd_test.moc"
