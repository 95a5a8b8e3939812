// Runs that were steered while they trained, killed with -9 again and again and gone on with: to the last
// byte what the one is that nobody killed. With STILLROOM_EVERY_KILL on HumAID, three rules, twenty kills
// each.
#include "core/base/random.h"
#include "core/experiment/find_experiment.h"
#include "core/experiment/prepare.h"
#include "core/experiment/run.h"
#include "made_up_data.h"
#include "resumed_run.h"

#include <QTemporaryDir>
#include <QtTest>
#include <ctime>

using namespace stillroom;
using test::Cli;
using test::contentOf;
using test::firstDifference;
using test::Said;
using test::studentOf;

class CliResumeEditsTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    const bool every_ = qEnvironmentVariableIsSet("STILLROOM_EVERY_KILL");
    QString data_;
    Random random_{static_cast<std::uint64_t>(time(nullptr)), "kills"};

    Experiment experimentFor(const std::string& rule);
    /// A run with three edits, sent while it trains.
    QString steered(Experiment experiment);
    /// Starts or goes on, and is killed after so long; the milliseconds it took when it ended by itself, else
    /// 0.
    qint64 killedAfter(const QStringList& arguments, qint64 milliseconds, int* kills);

  private Q_SLOTS:
    void initTestCase();
    void killed_data();
    void killed();
};

void CliResumeEditsTest::initTestCase() {
    data_ = folder_.path();
    if (every_) {
        data_ = QDir(QStringLiteral(STILLROOM_SOURCE_DIR "/../shared/data")).absolutePath();
        if (!QFile::exists(data_ + "/humaid"))
            QSKIP("HumAID is not there (../shared/data)");
        return;
    }
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 3000));
    QVERIFY(test::writeFile(folder_.filePath("e.yaml"),
                            QByteArray::fromStdString(test::experimentYaml("data.csv", 20))));
}

Experiment CliResumeEditsTest::experimentFor(const std::string& rule) {
    const auto path = every_ ? findExperiment("humaid-llkd")
                             : Result<std::string>(folder_.filePath("e.yaml").toStdString());
    auto experiment = readExperiment(path.value());
    if (!experiment)
        qFatal("%s", experiment.error().message.c_str());
    const auto set = [&](const char* key, const std::string& value) {
        if (auto done = setSetting(*experiment, key, value); !done)
            qFatal("%s", done.error().message.c_str());
    };
    set("selection", "{rule: " + rule + (rule == "random" ? ", ratio: 0.4, resample: true}" : "}"));
    set("training.checkpoint.every_steps", every_ ? "300" : "25");
    set("training.threads", "1");
    return *experiment;
}

QString CliResumeEditsTest::steered(Experiment experiment) {
    LoadContext context;
    context.root = data_.toStdString();
    const auto prepared = prepare(experiment, context);
    if (!prepared)
        qFatal("%s", prepared.error().message.c_str());
    RunOptions options;
    options.runsFolder = folder_.filePath("steered").toStdString();
    options.dataRoot = data_.toStdString();
    auto run = Run::start(experiment, prepared->set, options);
    if (!run)
        qFatal("%s", run.error().message.c_str());
    const std::string own = experiment.selection.rule == RuleKind::Llkd     ? "selection.student_scale"
                            : experiment.selection.rule == RuleKind::Random ? "selection.ratio"
                                                                            : "selection.decay";
    const std::vector<std::pair<std::string, std::string>> edits = {
        {own, "0.7"}, {"training.learning_rate", "{from: 0.8, to: 0.1, shape: cosine}"}, {own, "0.9"}};
    std::size_t next = 0;
    std::int64_t last = 0;
    while (!(*run)->finished())
        for (const auto& event : (*run)->wait(std::chrono::milliseconds(5)))
            if (const auto* steps = std::get_if<StepsEvent>(&event);
                steps && next < edits.size() && steps->steps.back().step > last + 30) {
                last = steps->steps.back().step;
                const auto& [key, value] = edits[next++];
                const Change change{key, settingValue(experiment, key), value};
                if (!setSetting(experiment, key, value))
                    qFatal("an edit cannot be made");
                (*run)->send(EditCommand{experiment.selection,
                                         experiment.loss,
                                         learningRateOf(experiment.training, experiment.student.kind),
                                         {change}});
            }
    return QString::fromStdString((*run)->folder());
}

qint64 CliResumeEditsTest::killedAfter(const QStringList& arguments, qint64 milliseconds, int* kills) {
    Cli cli(folder_.path());
    cli.start(arguments);
    if (cli.waitForEnd(static_cast<int>(milliseconds))) {
        const Said said = cli.finish();
        return said.exitCode == 0 ? said.milliseconds : 0;
    }
    cli.send(SIGKILL);
    cli.finish();
    ++*kills;
    return 0;
}

void CliResumeEditsTest::killed_data() {
    QTest::addColumn<QString>("rule");
    for (const char* rule : {"llkd", "random", "freematch"})
        QTest::newRow(rule) << QString::fromLatin1(rule);
}

void CliResumeEditsTest::killed() {
    QFETCH(QString, rule);
    const QString parent = steered(experimentFor(rule.toStdString()));
    const QStringList data{"--data", data_, "--json", "--quiet"};
    const auto stored = StoredRun::open(parent.toStdString());
    QVERIFY(stored && stored->edits.size() == 3U);

    const auto replay = [&](const QString& runs) {
        return QStringList{"replay", parent, "--runs", folder_.filePath(runs)} + data;
    };
    int kills = 0;
    const qint64 took = killedAfter(replay(rule + "-whole"), 600'000, &kills);
    QVERIFY(took > 0);
    const QString whole = test::runsIn(folder_.filePath(rule + "-whole")).value(0);
    QCOMPARE(firstDifference(contentOf(parent), contentOf(whole)), QByteArray()); // edits are what was done

    const int wanted = every_ ? 20 : 2;
    int round = 0;
    kills = 0;
    // A run may be killed several times; when it has come through, the next one is begun.
    for (QString run; kills < wanted || !run.isEmpty();) {
        const auto moment = kills < wanted
                                ? static_cast<qint64>(random_.uniform() * 1.1 * static_cast<double>(took))
                                : 600'000;
        QVERIFY2(round < 10 * wanted, "kills come too late");
        const QString runs = rule + QStringLiteral("-%1").arg(round);
        if (run.isEmpty())
            killedAfter(replay(runs), moment, &kills);
        else
            killedAfter(QStringList{"resume", run} + data, moment, &kills);
        run = test::runsIn(folder_.filePath(runs)).value(0);
        if (run.isEmpty()) { // before there was a run
            ++round;
            continue;
        }
        QCOMPARE(test::integrityOf(run), QString("ok"));
        const auto now = StoredRun::open(run.toStdString());
        QVERIFY2(now, now ? "" : now.error().message.c_str());
        if (!now->finished)
            continue;
        const QByteArray difference = firstDifference(contentOf(whole), contentOf(run));
        QVERIFY2(difference.isEmpty(), difference.constData());
        QVERIFY(studentOf(run) == studentOf(whole));
        qInfo("%s: after %zu resumptions the same to the last byte", qPrintable(rule), now->resumes.size());
        QVERIFY(QDir(run).removeRecursively());
        run.clear();
        ++round;
    }
    qInfo("%s: killed %d times", qPrintable(rule), kills);
}

QTEST_GUILESS_MAIN(CliResumeEditsTest)
#include "cli_resume_edits_test.moc"
