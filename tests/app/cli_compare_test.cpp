// `compare`: runs that were recorded before, beside each other.
#include "cli_process.h"

#include "core/experiment/run_folder.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>

using namespace stillroom;
using test::Cli;
using test::Said;

namespace {

constexpr int Texts = 100; // of each of two classes

/// A run whose best student got `right` of each class right.
std::string record(const QString& runsFolder, const std::string& name, RuleKind rule, std::int64_t seed,
                   int right, Outcome outcome = Outcome::Completed, bool predictions = true) {
    Experiment experiment;
    experiment.name = name;
    experiment.data.train.files = {"train.csv"};
    experiment.data.train.text = "text";
    experiment.data.test.files = {"test.csv"};
    experiment.data.test.text = "text";
    experiment.teacher.kind = TeacherKind::Gold;
    experiment.selection.rule = rule;
    experiment.training.seed = seed;
    RunOrigin origin;
    origin.version = "0.1.0";
    origin.device = "cpu";
    origin.classes = {"no", "yes"};
    auto run = RunFolder::create(runsFolder.toStdString(), experiment, origin);
    if (!run)
        qFatal("%s", run.error().message.c_str());
    FinishedEvent end;
    end.outcome = outcome;
    end.step = 160;
    end.test = metricsOf({right, Texts - right, Texts - right, right}, 2);
    end.test.loss = 0.5;
    end.validation = end.test;
    end.counts = {1000, 9000, rule == RuleKind::All ? 10000 : 4000, 800, 1e9, 2e9};
    end.trainSeconds = 2.5;
    if (predictions)
        for (int i = 0; i < 2 * Texts; ++i) {
            end.testRows.push_back(static_cast<std::uint32_t>(1000 + i));
            end.testGold.push_back(i % 2);
            end.testPredicted.push_back(i / 2 < right ? i % 2 : 1 - i % 2);
        }
    const StartedEvent started{1000, 10, 16, 64, 2, "cpu", 2, 0.5};
    if (!(*run)->record({started, end}) || !(*run)->close())
        qFatal("a run could not be recorded");
    return (*run)->path();
}

QByteArrayList csvLines(const QByteArray& out) {
    auto lines = out.split('\n');
    if (!lines.isEmpty() && lines.last().isEmpty())
        lines.removeLast();
    for (auto& line : lines)
        if (line.endsWith('\r'))
            line.chop(1);
    return lines;
}

} // namespace

class CliCompareTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    QString runs_;
    QString all1_, llkd1_;

    Said compare(const QStringList& arguments) {
        return Cli(folder_.path()).run(QStringList{"compare"} + arguments);
    }

  private Q_SLOTS:
    void initTestCase() {
        runs_ = folder_.filePath("runs");
        const int all[] = {70, 71, 71, 73, 72};
        const int llkd[] = {72, 74, 73, 76, 75};
        for (int seed = 1; seed <= 5; ++seed) {
            const auto one = record(runs_, "=all", RuleKind::All, seed, all[seed - 1]);
            const auto other = record(runs_ + "/sweep", "=llkd", RuleKind::Llkd, seed, llkd[seed - 1]);
            if (seed == 1) {
                all1_ = QString::fromStdString(one);
                llkd1_ = QString::fromStdString(other);
            }
        }
        record(runs_, "failed", RuleKind::Llkd, 6, 10, Outcome::Failed);
    }

    void asATable() {
        const Said said = compare({"runs"});
        QVERIFY2(said.exitCode == 0, said.all());
        const QString text = QString::fromUtf8(said.out);
        for (const char* part :
             {"test.csv (200 test texts)", "\nall               5  71.40 ± 1.14  69.98 to 72.82  ",
              "\nllkd              5  74.00 ± 1.58  72.04 to 75.96  ",
              "llkd is 2.60 points higher in accuracy than all (95 % interval +1.92 to +3.28, 5 pairs, p < "
              "0.001).\n",
              "1 run is left out: it failed; only completed runs are compared.\n"})
            QVERIFY2(text.contains(QString::fromUtf8(part)), said.all());
        for (const auto& line : text.split(QLatin1Char('\n')))
            QVERIFY(!line.endsWith(QLatin1Char(' ')));
    }

    void asJson() {
        const Said said = compare({"runs", "--json", "--metric", "gradient_share", "--level", "0.9"});
        QVERIFY2(said.exitCode == 0, said.all());
        const auto json = said.json();
        QCOMPARE(json["metric"].toString(), QString("gradient_share"));
        QCOMPARE(json["level"].toDouble(), 0.9);
        QVERIFY(json["ranks"].isNull());
        const auto all = json["data_sets"][0]["configurations"].toArray();
        QCOMPARE(all.size(), 2);
        QCOMPARE(all[0]["label"].toString(), QString("all"));
        QCOMPARE(all[0]["baseline"].toBool(), true);
        QVERIFY(all[0]["difference"].isNull());
        QCOMPARE(all[0]["runs"].toArray().size(), 5);
        QCOMPARE(all[0]["runs"][0]["seed"].toInt(), 1);
        QCOMPARE(all[1]["metrics"]["macro_f1"]["mean"].toDouble(), 0.74);
        const auto difference = all[1]["difference"];
        QCOMPARE(difference["mean"].toDouble(), -0.6);
        QCOMPARE(difference["finding"].toString(), QString("lower"));
        QCOMPARE(difference["pairs"].toArray().size(), 5);
        QVERIFY(difference["effect_size"].isNull()); // without a spread there is none
    }

    void asCsv() {
        const Said said = compare({"runs", "--format", "csv", "--baseline", "rule=llkd"});
        QVERIFY2(said.exitCode == 0, said.all());
        const auto lines = csvLines(said.out);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].startsWith("data_set,configuration,baseline,runs,seeds,accuracy_mean,accuracy_sd,"));
        const auto cells = lines[1].split(',');
        const auto cell = [&, head = lines[0].split(',')](const char* name) {
            return cells.at(head.indexOf(name));
        };
        QCOMPARE(cells.mid(0, 5).join('|'), QByteArray("test.csv (200 test texts)|all|0|5|1 2 3 4 5"));
        QVERIFY(qFuzzyCompare(cell("accuracy_mean").toDouble(), 0.714));
        QVERIFY(cell("difference").startsWith("-0.026")); // a number, not a formula
        QVERIFY(qFuzzyCompare(cell("difference").toDouble(), -0.026));
        QCOMPARE(cell("finding"), QByteArray("lower"));
        QCOMPARE(cell("kept_precision_mean"), QByteArray()); // there is none
        QVERIFY2(lines[2].contains(",llkd,1,5,"), said.all());
        QVERIFY(said.err.contains("left out"));
    }

    void aLabelIsNoFormula() {
        const Said said = compare({all1_, "--format", "csv"});
        QVERIFY2(said.exitCode == 0, said.all());
        QVERIFY2(csvLines(said.out).at(1).contains(",'=all,"), said.all());
    }

    void oneRunEach() {
        const Said said = compare({all1_, llkd1_, all1_, "--json"});
        QVERIFY2(said.exitCode == 0, said.all());
        const auto all = said.json()["data_sets"][0]["configurations"].toArray();
        QCOMPARE(all[0]["runs"].toArray().size(), 1);
        QCOMPARE(all[0]["metrics"]["accuracy"]["interval_from"].toString(), QString("test set"));
        const auto difference = all[1]["difference"];
        QCOMPARE(difference["mcnemar"]["only_this_right"].toInt(), 4);
        QCOMPARE(difference["mcnemar"]["only_baseline_right"].toInt(), 0);
        QCOMPARE(difference["p"].toDouble(), 0.125);
        QCOMPARE(difference["finding"].toString(), QString("not shown"));
        QVERIFY(said.json()["remarks"].toArray().isEmpty());
    }

    void whatIsWrong_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("sentence");
        QTest::newRow("nothing") << QStringList{} << 2 << QByteArray("runs");
        QTest::newRow("no such folder")
            << QStringList{"nowhere"} << 3 << QByteArray("nowhere: there is no such run");
        QTest::newRow("no run in it")
            << QStringList{"empty"} << 3 << QByteArray("empty is no run, and holds none");
        QTest::newRow("metric") << QStringList{"runs", "--metric", "acuracy"} << 2
                                << QByteArray("did you mean 'accuracy'?");
        QTest::newRow("format") << QStringList{"runs", "--format", "xml"} << 2
                                << QByteArray("must be text, csv or json");
        QTest::newRow("level") << QStringList{"runs", "--level", "95"} << 2
                               << QByteArray("not between 0 and 1");
        QTest::newRow("baseline without =")
            << QStringList{"runs", "--baseline", "all"} << 2 << QByteArray("--baseline rule=all");
        QTest::newRow("baseline that is not there")
            << QStringList{"runs", "--baseline", "rule=random"} << 2 << QByteArray("there are all; llkd");
        QTest::newRow("only one that failed")
            << QStringList{"only-failed"} << 3 << QByteArray("nothing to compare");
    }

    void whatIsWrong() {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        QFETCH(QByteArray, sentence);
        QDir(folder_.path()).mkpath("empty");
        static const std::string failed =
            record(folder_.filePath("only-failed"), "x", RuleKind::All, 1, 50, Outcome::Failed);
        const Said said = compare(arguments);
        QCOMPARE(said.exitCode, exitCode);
        QVERIFY2(said.out.isEmpty() && said.err.contains(sentence), said.all());
    }

    void aDamagedRunAmongOthersIsToldOf() {
        const QString folder = folder_.filePath("with-damage");
        record(folder, "x", RuleKind::All, 1, 50);
        const auto damaged = QString::fromStdString(record(folder, "x", RuleKind::All, 2, 50));
        QVERIFY(test::writeFile(damaged + "/run.sqlite", QByteArray(8192, 'x')));
        const Said said = compare({"with-damage"});
        QVERIFY2(said.exitCode == 0, said.all());
        QVERIFY2(said.out.contains("Left out: ") && said.out.contains("is damaged"), said.all());
        QCOMPARE(compare({damaged}).exitCode, 3);
    }
};

QTEST_GUILESS_MAIN(CliCompareTest)
#include "cli_compare_test.moc"
