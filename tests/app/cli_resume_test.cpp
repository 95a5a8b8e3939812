// Runs that are killed, stopped, extended and branched, through the command line alone.
#include "core/base/random.h"
#include "core/experiment/run_folder.h"
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

namespace {

const QByteArray Begun = " steps in ";

} // namespace

class CliResumeTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    QString whole_;           ///< the run that nobody interrupted
    qint64 milliseconds_ = 0; ///< that it took

    QStringList arguments(const QString& runs) const {
        return {"run", "e.yaml", "--runs", runs, "--json", "--set", "training.checkpoint.every_steps=20"};
    }
    /// The one run in a runs folder, "" where there is none.
    QString runIn(const QString& runs) const { return test::runsIn(folder_.filePath(runs)).value(0); }
    Said resume(const QString& run, const QStringList& more = {}) const {
        return Cli(folder_.path()).run(QStringList{"resume", run, "--json"} + more);
    }
    /// Starts a run and kills it once it has a checkpoint; its folder.
    QString killed(const QString& runs) const;

  private Q_SLOTS:
    void initTestCase();
    void killedAtAnyMoment_data();
    void killedAtAnyMoment();
    void interrupted();
    void aDamagedCheckpointIsPassedOver();
    void withoutACheckpointFromTheBeginning();
    void extended();
    void branched();
    void refused();
    void oneThatIsGoingOn();
};

void CliResumeTest::initTestCase() {
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 3000));
    QVERIFY(test::writeFile(folder_.filePath("e.yaml"), QByteArray::fromStdString(test::experimentYaml(
                                                            "data.csv", 24 / (test::Slowness > 1 ? 4 : 1)))));
    const Said said = Cli(folder_.path()).run(arguments("whole"));
    QVERIFY2(said.exitCode == 0, said.all());
    milliseconds_ = said.milliseconds;
    whole_ = runIn("whole");
    QVERIFY(!studentOf(whole_).isEmpty());
    QVERIFY(contentOf(whole_).size() > 10'000);
}

QString CliResumeTest::killed(const QString& runs) const {
    Cli cli(folder_.path());
    cli.start(arguments(runs));
    while (cli.milliseconds() < 60'000 * test::Slowness) {
        const QString run = runIn(runs);
        if (!run.isEmpty() && QFile::exists(run + "/checkpoints/last/manifest.json"))
            break;
        if (cli.waitForEnd(2))
            break;
    }
    cli.send(SIGKILL);
    cli.finish();
    return runIn(runs);
}

void CliResumeTest::killedAtAnyMoment_data() {
    QTest::addColumn<int>("number");
    QTest::addColumn<qint64>("moment");
    Random random(static_cast<std::uint64_t>(time(nullptr)), "moments");
    for (int i = 0; i < 5; ++i) {
        const auto moment = static_cast<qint64>(random.uniform() * static_cast<double>(milliseconds_));
        QTest::addRow("after %lld ms", static_cast<long long>(moment)) << i << moment;
    }
}

/// And once more while it goes on.
void CliResumeTest::killedAtAnyMoment() {
    QFETCH(int, number);
    QFETCH(qint64, moment);
    const QString runs = QStringLiteral("killed-%1").arg(number);
    Cli cli(folder_.path());
    cli.start(arguments(runs));
    if (!cli.waitForEnd(static_cast<int>(moment)))
        cli.send(SIGKILL);
    cli.finish();
    if (runIn(runs).isEmpty())
        return; // before there was a run
    if (contentOf(runIn(runs)) == contentOf(whole_))
        return; // it was faster this time
    cli.start({"resume", runIn(runs), "--json"});
    if (!cli.waitForEnd(static_cast<int>(moment)))
        cli.send(SIGKILL);
    Said said = cli.finish();
    if (said.exitCode != 0) {
        said = resume(runIn(runs));
        // Killed after its result was recorded, before it could say so: then nothing is left to do.
        QVERIFY2(said.exitCode == 0 || said.err.contains("has ended"), said.all());
    }
    const QByteArray difference = firstDifference(contentOf(whole_), contentOf(runIn(runs)));
    QVERIFY2(difference.isEmpty(), difference.constData());
    QVERIFY(studentOf(runIn(runs)) == studentOf(whole_));
    QCOMPARE(test::integrityOf(runIn(runs)), QString("ok"));
}

void CliResumeTest::interrupted() {
    Cli cli(folder_.path());
    cli.start(arguments("interrupted"));
    QVERIFY(cli.waitForWord(Begun));
    cli.waitForEnd(static_cast<int>(milliseconds_ / 10));
    cli.send(SIGINT);
    const Said stopped = cli.finish();
    QVERIFY2(stopped.exitCode == 130 && stopped.err.contains("resume"), stopped.all());
    const auto stored = StoredRun::open(runIn("interrupted").toStdString());
    QVERIFY(stored && stored->end.outcome == Outcome::Stopped);
    const Said said = resume(runIn("interrupted"));
    QVERIFY2(said.exitCode == 0, said.all());
    QCOMPARE(said.json().value("resumed").toObject().value("step").toDouble(),
             static_cast<double>(stored->end.step));
    const QByteArray difference = firstDifference(contentOf(whole_), contentOf(runIn("interrupted")));
    QVERIFY2(difference.isEmpty(), difference.constData());
    QVERIFY(studentOf(runIn("interrupted")) == studentOf(whole_));
    const auto ended = StoredRun::open(runIn("interrupted").toStdString());
    QVERIFY(ended && ended->resumes == std::vector<std::int64_t>{stored->end.step});
}

void CliResumeTest::aDamagedCheckpointIsPassedOver() {
    const QString run = killed("damaged");
    QFile state(run + "/checkpoints/last/state.safetensors");
    QVERIFY(state.open(QIODevice::ReadWrite) && state.seek(state.size() / 2) && state.write("?") == 1);
    state.close();
    const Said said = resume(run);
    QVERIFY2(said.exitCode == 0 && said.err.contains("is damaged"), said.all());
    const QByteArray difference = firstDifference(contentOf(whole_), contentOf(run));
    QVERIFY2(difference.isEmpty(), difference.constData());
}

void CliResumeTest::withoutACheckpointFromTheBeginning() {
    const QString run = killed("without");
    QVERIFY(QDir(run + "/checkpoints").removeRecursively() && QDir(run).mkdir("checkpoints"));
    const Said said = resume(run);
    QVERIFY2(said.exitCode == 0, said.all());
    QCOMPARE(said.json().value("resumed").toObject().value("step").toDouble(), 0.0);
    const QByteArray difference = firstDifference(contentOf(whole_), contentOf(run));
    QVERIFY2(difference.isEmpty(), difference.constData());
    QVERIFY(studentOf(run) == studentOf(whole_));
}

/// With a constant learning rate two epochs more are the run that had them from the beginning.
void CliResumeTest::extended() {
    const QStringList constant{"--set", "training.learning_rate=0.3", "--json"};
    for (const QString epochs : {"3", "5"}) {
        const Said said = Cli(folder_.path())
                              .run(QStringList{"run", "e.yaml", "--runs", "epochs-" + epochs, "--set",
                                               "training.epochs=" + epochs} +
                                   constant);
        QVERIFY2(said.exitCode == 0, said.all());
    }
    const Said refused = resume(runIn("epochs-3"));
    QVERIFY2(refused.exitCode == 3 && refused.err.contains("--epochs"), refused.all());
    const Said said = resume(runIn("epochs-3"), {"--epochs", "5"});
    QVERIFY2(said.exitCode == 0, said.all());
    QCOMPARE(said.json().value("epochs").toInt(), 5);
    const QByteArray difference = firstDifference(contentOf(runIn("epochs-5")), contentOf(runIn("epochs-3")));
    QVERIFY2(difference.isEmpty(), difference.constData());
    QVERIFY(studentOf(runIn("epochs-5")) == studentOf(runIn("epochs-3")));
}

void CliResumeTest::branched() {
    const QString parent = killed("parent");
    QVERIFY2(resume(parent).exitCode == 0, "the parent");
    const QByteArray before = contentOf(parent);
    const auto last = QFileInfo(parent + "/checkpoints/last").symLinkTarget().section('/', -1);
    // With nothing changed it is the parent again, but for its own folder.
    Said said = resume(parent, {"--branch", "--runs", "same"});
    QVERIFY2(said.exitCode == 0, said.all());
    QVERIFY(studentOf(runIn("same")) == studentOf(parent));
    said = resume(parent, {"--branch", "--at", last, "--runs", "branch", "--set", "training.epochs=40",
                           "--set", "selection.student_scale=0.2"});
    QVERIFY2(said.exitCode == 0, said.all());
    QVERIFY(contentOf(parent) == before);
    const auto branch = StoredRun::open(runIn("branch").toStdString());
    const auto was = StoredRun::open(parent.toStdString());
    QVERIFY(branch && was);
    QCOMPARE(branch->origin.branchOf, parent.toStdString());
    QCOMPARE(branch->origin.branchStep, static_cast<std::int64_t>(last.toLongLong()));
    QCOMPARE(branch->end.step, branch->started.stepsPerEpoch * 40);
    QCOMPARE(branch->steps[3].loss, was->steps[3].loss);
    QVERIFY(branch->snapshots.size() == 40U);
    const Said replayed = Cli(folder_.path()).run({"replay", runIn("branch")});
    QVERIFY2(replayed.exitCode == 3 && replayed.err.contains("is a branch"), replayed.all());
    const Said there = resume(parent, {"--branch", "--at", "1"});
    QVERIFY2(there.exitCode == 3 && there.err.contains(QByteArray::number(last.toLongLong())), there.all());
}

void CliResumeTest::refused() {
    const auto isRefused = [&](const QStringList& arguments, int exitCode, const char* because) {
        const Said said = Cli(folder_.path()).run(QStringList("resume") + arguments);
        QVERIFY2(said.exitCode == exitCode && said.err.contains(because) && said.lines().size() == 1,
                 said.all());
    };
    isRefused({"nowhere"}, 3, "there is no such run");
    isRefused({whole_}, 3, "has ended");
    isRefused({whole_, "--set", "selection.student_scale=0"}, 3, "--branch");
    isRefused({whole_, "--epochs", "none"}, 2, "epochs");
    isRefused({whole_, "--epochs", "30", "--at", "10"}, 2, "--branch");
    isRefused({whole_, "--branch", "--set", "training.batch=7"}, 3, "training.batch cannot change");
    isRefused({whole_, "--branch", "--set", "student.dimensions=7"}, 3, "student.dimensions cannot change");
    QVERIFY(!contentOf(whole_).isEmpty() && QDir(folder_.path()).entryList({"runs"}).isEmpty());
    // Other data under the same name: said before anything is trained.
    const QString run = killed("others");
    QVERIFY(QFile::rename(folder_.filePath("data.csv"), folder_.filePath("kept.csv")));
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 3000, 2));
    const Said said = resume(run);
    QVERIFY2(said.exitCode == 4 && said.err.contains("training texts"), said.all());
    QVERIFY(QFile::remove(folder_.filePath("data.csv")));
    QVERIFY(QFile::rename(folder_.filePath("kept.csv"), folder_.filePath("data.csv")));
    // With the right ones it goes on all the same.
    const Said right = resume(run);
    QVERIFY2(right.exitCode == 0, right.all());
    QVERIFY(studentOf(run) == studentOf(whole_));
}

void CliResumeTest::oneThatIsGoingOn() {
    Cli cli(folder_.path());
    cli.start(arguments("going") + QStringList{"--set", "training.epochs=100000"});
    QVERIFY(cli.waitForWord(Begun));
    const Said said = resume(runIn("going"));
    QVERIFY2(said.exitCode == 3 && said.err.contains("still going on"), said.all());
    cli.send(SIGKILL);
    cli.finish();
}

QTEST_GUILESS_MAIN(CliResumeTest)
#include "cli_resume_test.moc"
