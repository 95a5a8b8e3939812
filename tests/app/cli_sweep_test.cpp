// A sweep through the program: its runs are those of `run`, byte for byte; killed at any moment it goes on;
// what fails or is cancelled keeps nobody from the others.
#include "cli_process.h"
#include "core/base/random.h"
#include "core/experiment/run_folder.h"
#include "core/experiment/sweep_folder.h"
#include "made_up_data.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <ctime>
#include <filesystem>
#include <signal.h>

using namespace stillroom;
using test::Cli;
using test::Said;
using State = SweepStatus::State;

namespace {

/// Of a sweep of made-up data; runs of a tenth of a second or so.
QByteArray sweepYaml(int epochs, const char* sweep) {
    std::string yaml = test::experimentYaml("data.csv", epochs, std::string("sweep: ") + sweep + "\n");
    const std::string threads = std::string("threads: ") + test::Threads;
    yaml.replace(yaml.find(threads), threads.size(), "threads: 1");
    return QByteArray::fromStdString(yaml);
}

/// What is the same whenever and wherever a sweep is done.
QJsonArray resultsOf(const QJsonObject& json) {
    QJsonArray results;
    for (const auto& value : json.value("tasks").toArray()) {
        QJsonObject task = value.toObject();
        task.remove("run");
        task.remove("seconds");
        results.append(task);
    }
    return results;
}

/// The processes whose parent `pid` is.
QList<pid_t> childrenOf(pid_t pid) {
    QList<pid_t> children;
    const auto words =
        test::readFile(QStringLiteral("/proc/%1/task/%1/children").arg(pid)).simplified().split(' ');
    for (const auto& word : words)
        if (!word.isEmpty())
            children << word.toInt();
    return children;
}

bool lives(pid_t pid) {
    return ::kill(pid, 0) == 0 && !test::readFile(QStringLiteral("/proc/%1/stat").arg(pid)).contains(") Z ");
}

} // namespace

class CliSweepTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void theRunsAreThoseOfRun();
    void killedAndContinued();
    void aKilledWorkerIsReplaced();
    void whoWatchesDiesAndSoDoTheWorkers();
    void interrupted();
    void whatFailsIsSaid();
    void cancelled();
    void aScriptForSlurm();
    void usage();

  private:
    QString onlySweepIn(const QString& runs) const;
    QTemporaryDir folder_;
    QJsonArray whole_; ///< results of sweep.yaml
};

void CliSweepTest::initTestCase() {
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 3000));
    QVERIFY(test::writeFile(folder_.filePath("sweep.yaml"),
                            sweepYaml(4, "{over: {selection.rule: [all, llkd], seed: 1..2}, workers: 2}")));
    QVERIFY(test::writeFile(folder_.filePath("long.yaml"), // would take hours
                            sweepYaml(200'000, "{over: {seed: 1..3}, workers: 2}")));
}

QString CliSweepTest::onlySweepIn(const QString& runs) const {
    const auto found = test::runsIn(folder_.filePath(runs));
    return found.size() == 1 ? found[0] : QString();
}

void CliSweepTest::theRunsAreThoseOfRun() {
    const Said said = Cli(folder_.path()).run({"sweep", "sweep.yaml", "--json", "--runs", "whole"});
    QVERIFY2(said.exitCode == 0, said.all());
    const auto json = said.json();
    whole_ = resultsOf(json);
    QCOMPARE(whole_.size(), 4);
    QCOMPARE(json.value("states").toObject().value("completed").toInt(), 4);
    QVERIFY2(said.err.contains("4 of 4: ") && said.err.contains("rule llkd, seed 2: test accuracy 0."),
             said.all());
    const auto tasks = json.value("tasks").toArray();
    const auto last = tasks[3].toObject();
    QCOMPARE(last.value("rule").toString(), QString("llkd"));
    QCOMPARE(last.value("seed").toInt(), 2);

    QByteArray single = sweepYaml(4, "~");
    single.truncate(single.indexOf("sweep:"));
    QVERIFY(test::writeFile(folder_.filePath("single.yaml"), single));
    const Said run = Cli(folder_.path())
                         .run({"run", "single.yaml", "--json", "--runs", "single", "--seed", "2", "--set",
                               "selection.rule=llkd"});
    QVERIFY2(run.exitCode == 0, run.all());
    const QString alone = folder_.filePath(run.json().value("run").toString());
    const QString swept = folder_.filePath(last.value("run").toString());
    for (const char* file :
         {"/checkpoints/best/student.safetensors", "/experiment.yaml", "/snapshots/epoch-0004.traces"}) {
        QVERIFY2(!test::readFile(alone + file).isEmpty(), file);
        QVERIFY2(test::readFile(alone + file) == test::readFile(swept + file), file);
    }
    QCOMPARE(last.value("test").toObject().value("accuracy"),
             run.json().value("test").toObject().value("accuracy"));
    QCOMPARE(last.value("samples"), run.json().value("samples"));

    // Nothing is left to do, and the same is said again; for people as a table.
    const QString sweep = onlySweepIn("whole");
    const auto before = test::runsIn(sweep);
    const Said again = Cli(folder_.path()).run({"sweep", sweep, "--json"});
    QVERIFY2(again.exitCode == 0, again.all());
    QVERIFY(resultsOf(again.json()) == whole_);
    QVERIFY(test::runsIn(sweep) == before);
    const Said table = Cli(folder_.path()).run({"sweep", sweep, "--collect"});
    QVERIFY2(table.exitCode == 0 && table.out.contains("llkd") && table.out.contains(" ± "), table.all());
}

/// kill -9 of all of them at once, at random moments, until it is done.
void CliSweepTest::killedAndContinued() {
    Random random(static_cast<std::uint64_t>(std::time(nullptr)), "moments");
    QStringList target{"sweep.yaml", "--runs", "killed"};
    int kills = 0;
    for (int attempt = 0; attempt < 6; ++attempt) {
        Cli cli(folder_.path());
        cli.start(QStringList{"sweep"} + target);
        const pid_t pid = cli.pid();
        if (cli.waitForEnd(static_cast<int>(random.below(2500)) * test::Slowness))
            break;
        auto all = childrenOf(pid);
        all.prepend(pid);
        for (const pid_t one : all)
            ::kill(one, SIGKILL);
        cli.finish();
        ++kills;
        for (const pid_t one : all)
            QTRY_VERIFY(!lives(one));
        if (const QString sweep = onlySweepIn("killed"); !sweep.isEmpty())
            target = QStringList{sweep};
    }
    const Said said = Cli(folder_.path()).run(QStringList{"sweep"} + target + QStringList{"--json"});
    QVERIFY2(said.exitCode == 0, said.all());
    QVERIFY(resultsOf(said.json()) == whole_);
    qInfo("killed %d times", kills);
}

void CliSweepTest::aKilledWorkerIsReplaced() {
    Cli cli(folder_.path());
    cli.start({"sweep", "sweep.yaml", "--json", "--runs", "worker"});
    QTRY_VERIFY_WITH_TIMEOUT(!childrenOf(cli.pid()).isEmpty(), 10'000 * test::Slowness);
    QString sweep;
    QTRY_VERIFY_WITH_TIMEOUT(!(sweep = onlySweepIn("worker")).isEmpty(), 10'000 * test::Slowness);
    // While it holds a task: its record says which.
    pid_t victim = 0;
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            const auto folder = SweepFolder::open(sweep.toStdString());
            for (int task = 1; folder && task <= 4; ++task)
                if (const auto status = folder->status(task); status && status->state == State::Running)
                    victim = static_cast<pid_t>(status->pid);
            return victim != 0 && ::kill(victim, SIGKILL) == 0;
        }(),
        60'000 * test::Slowness);
    const Said said = cli.finish();
    QVERIFY2(said.exitCode == 0, said.all());
    QVERIFY(resultsOf(said.json()) == whole_);
}

void CliSweepTest::whoWatchesDiesAndSoDoTheWorkers() {
    Cli cli(folder_.path());
    cli.start({"sweep", "long.yaml", "--runs", "orphans"});
    QTRY_COMPARE_WITH_TIMEOUT(childrenOf(cli.pid()).size(), 2, 20'000 * test::Slowness);
    const auto workers = childrenOf(cli.pid());
    QString sweep;
    QTRY_VERIFY_WITH_TIMEOUT(!(sweep = onlySweepIn("orphans")).isEmpty(), 10'000 * test::Slowness);
    const auto folder = SweepFolder::open(sweep.toStdString());
    QVERIFY(folder);
    QTRY_VERIFY_WITH_TIMEOUT(folder->status(1)->state == State::Running, 20'000 * test::Slowness);
    cli.send(SIGKILL);
    cli.finish();
    for (const pid_t worker : workers)
        QTRY_VERIFY_WITH_TIMEOUT(!lives(worker), 20'000 * test::Slowness);
    QVERIFY(folder->status(1)->state == State::CutOff);
    QVERIFY(folder->status(3)->state == State::Waiting);
}

void CliSweepTest::interrupted() {
    Cli cli(folder_.path());
    cli.start({"sweep", "long.yaml", "--runs", "interrupted"});
    QString sweep;
    QTRY_VERIFY_WITH_TIMEOUT(!(sweep = onlySweepIn("interrupted")).isEmpty(), 10'000 * test::Slowness);
    const auto folder = SweepFolder::open(sweep.toStdString());
    QVERIFY(folder);
    QTRY_VERIFY_WITH_TIMEOUT(!folder->status(1)->run.empty() && !folder->status(2)->run.empty(),
                             30'000 * test::Slowness);
    cli.send(SIGINT);
    const Said said = cli.finish();
    QVERIFY2(said.exitCode == 130, said.all());
    QVERIFY2(said.err.contains("interrupted; 0 of 3 runs are over, and `stillroom-cli sweep "), said.all());
    for (int task : {1, 2})
        QVERIFY(folder->status(task)->state == State::CutOff);
    const Said status = Cli(folder_.path()).run({"sweep", sweep, "--status"});
    QVERIFY2(status.exitCode == 0 && status.out.contains("1  cut off    seed 1: step ") &&
                 status.out.contains("3  waiting    seed 3\n"),
             status.all());
}

void CliSweepTest::whatFailsIsSaid() {
    QVERIFY(test::writeFile(folder_.filePath("fails.yaml"),
                            sweepYaml(1, "{over: {data.train.text: [text, txt]}, workers: 1}")));
    const Said said = Cli(folder_.path()).run({"sweep", "fails.yaml", "--runs", "fails", "--json"});
    QVERIFY2(said.exitCode == 3, said.all());
    const auto tasks = said.json().value("tasks").toArray();
    QCOMPARE(tasks[0].toObject().value("state").toString(), QString("completed"));
    QCOMPARE(tasks[1].toObject().value("state").toString(), QString("failed"));
    QVERIFY2(tasks[1].toObject().value("error").toString().contains("txt"), said.all());
    QVERIFY2(said.err.contains("2 of 2: text txt: failed: "), said.all());
    // It is not tried again unasked.
    const QString sweep = onlySweepIn("fails");
    QCOMPARE(Cli(folder_.path()).run({"sweep", sweep}).exitCode, 3);
    QCOMPARE(SweepFolder::open(sweep.toStdString())->status(2)->attempts, 1);
    QCOMPARE(Cli(folder_.path()).run({"sweep", sweep, "--again"}).exitCode, 3);
    QCOMPARE(SweepFolder::open(sweep.toStdString())->status(2)->attempts, 2);
}

void CliSweepTest::cancelled() {
    Cli cli(folder_.path());
    cli.start({"sweep", "long.yaml", "--runs", "cancelled", "--workers", "1"});
    QString sweep;
    QTRY_VERIFY_WITH_TIMEOUT(!(sweep = onlySweepIn("cancelled")).isEmpty(), 10'000 * test::Slowness);
    const auto folder = SweepFolder::open(sweep.toStdString());
    QVERIFY(folder);
    QTRY_VERIFY_WITH_TIMEOUT(!folder->status(1)->run.empty(), 30'000 * test::Slowness);
    for (const char* task : {"3", "2", "1"})
        QCOMPARE(Cli(folder_.path()).run({"sweep", sweep, "--cancel", task}).exitCode, 0);
    const Said said = cli.finish();
    QVERIFY2(said.exitCode == 0, said.all());
    for (int task : {1, 2, 3})
        QVERIFY(folder->status(task)->state == State::Cancelled);
    QVERIFY(folder->status(2)->run.empty());
}

void CliSweepTest::aScriptForSlurm() {
    const Said said = Cli(folder_.path())
                          .run({"sweep", "sweep.yaml", "--runs", "it's", "--slurm", "--dry-run", "--time",
                                "10", "--partition", "short", "--slurm-option=--mem=2G", "--json"});
    QVERIFY2(said.exitCode == 0, said.all());
    QVERIFY(said.json().value("job").isNull());
    const QString sweep = onlySweepIn("it's");
    const QByteArray script = test::readFile(sweep + "/slurm/job.sh");
    for (const QByteArray line : {"#SBATCH --array=1-4%2\n", "#SBATCH --cpus-per-task=1\n",
                                  "#SBATCH --requeue\n", "#SBATCH --time=10\n", "#SBATCH --partition=short\n",
                                  "#SBATCH --mem=2G\n", "#SBATCH --job-name=made-up\n"})
        QVERIFY2(script.contains(line), (line + script).constData());
    // A task as the scheduler runs it, with nothing but the script.
    QProcess shell;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("SLURM_ARRAY_TASK_ID", "3");
    shell.setProcessEnvironment(environment);
    shell.start("/bin/sh", {sweep + "/slurm/job.sh"});
    QVERIFY(shell.waitForFinished(60'000 * test::Slowness));
    QCOMPARE(shell.exitCode(), 0);
    const auto folder = SweepFolder::open(sweep.toStdString());
    QVERIFY(folder->status(3)->state == State::Completed && folder->status(2)->state == State::Waiting);
    // What is left, the next time.
    QCOMPARE(Cli(folder_.path()).run({"sweep", sweep, "--slurm", "--dry-run"}).exitCode, 0);
    QVERIFY(test::readFile(sweep + "/slurm/job.sh").contains("#SBATCH --array=1-2,4%2\n"));
}

void CliSweepTest::usage() {
    const QString sweep = onlySweepIn("whole");
    const auto fails = [&](const QStringList& arguments, int exitCode, const QByteArray& sentence) {
        const Said said = Cli(folder_.path()).run(QStringList{"sweep"} + arguments);
        QVERIFY2(said.exitCode == exitCode && said.err.contains(sentence) && said.out.isEmpty(), said.all());
    };
    fails({sweep, "--seed", "3"}, 2, "change nothing of a sweep that was begun; start another from ");
    fails({sweep, "--task", "5"}, 2, "there is no run 5 in the sweep; its runs are 1 to 4");
    fails({sweep, "--status", "--collect"}, 2, "exclude each other");
    fails({sweep, "--partition", "x"}, 2, "do nothing without --slurm");
    fails({sweep, "--slurm"}, 3, "nothing is left to do");
    fails({"sweep.yaml", "--status"}, 3, "is no sweep's folder");
    fails({"sweep.yaml", "--slurm", "--slurm-option", "mem"}, 2, "is no option of sbatch");
    fails({"single.yaml"}, 3, "there is no 'sweep' in it");
    const Said run = Cli(folder_.path()).run({"run", "sweep.yaml"});
    QVERIFY2(run.exitCode == 3 && run.err.contains("`stillroom-cli sweep`"), run.all());
}

QTEST_GUILESS_MAIN(CliSweepTest)
#include "cli_sweep_test.moc"
