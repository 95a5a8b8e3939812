// A sweep through a real Slurm on this machine (tests/peers/local_slurm.sh): one of its tasks is killed and
// requeued, and the collected table is that of the same sweep done here.
#include "cli_process.h"
#include "core/experiment/sweep_folder.h"
#include "made_up_data.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>
#include <csignal>

using namespace stillroom;
using test::Cli;
using test::Said;
using State = SweepStatus::State;

namespace {

constexpr int Runs = 10;

/// What does not depend on where the runs lie and how fast they were.
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

/// The table without its last column, the seconds that training took, and without the folder's name.
QString tableOf(const Said& said) {
    static const QRegularExpression seconds(QStringLiteral("[ ]+(train s|\\d+\\.\\d+ ± \\d+\\.\\d+)$"),
                                            QRegularExpression::MultilineOption);
    QString table = QString::fromUtf8(said.out.left(said.out.lastIndexOf("sweep folder ")));
    return table.remove(seconds);
}

int stateCount(const SweepFolder& folder, State state) {
    int count = 0;
    for (int task = 1; task <= Runs; ++task)
        if (const auto status = folder.status(task); status && status->state == state)
            ++count;
    return count;
}

} // namespace

class CliSlurmTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void theTableIsThatOfHere();
    void cleanupTestCase();

  private:
    static int script(const QStringList& arguments, QString* said);
    /// A command of Slurm's; what it printed.
    QString slurm(const QString& program, const QStringList& arguments);

    QTemporaryDir folder_;
    QString cluster_;
    bool started_ = false;
};

int CliSlurmTest::script(const QStringList& arguments, QString* said) {
    QProcess process;
    process.start(QStringLiteral(STILLROOM_SOURCE_DIR "/tests/peers/local_slurm.sh"), arguments);
    if (!process.waitForFinished(90'000))
        return -1;
    *said = QString::fromUtf8(process.readAllStandardError()).simplified();
    return process.exitCode();
}

QString CliSlurmTest::slurm(const QString& program, const QStringList& arguments) {
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("SLURM_CONF", cluster_ + "/slurm.conf");
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    process.waitForFinished(30'000);
    return QString::fromUtf8(process.readAllStandardOutput() + process.readAllStandardError()).simplified();
}

void CliSlurmTest::initTestCase() {
    if (test::Slowness > 1)
        QSKIP("a cluster of programs under a sanitizer takes many minutes; cli_sweep_test does what they do");
    QVERIFY(folder_.isValid());
    cluster_ = folder_.filePath("cluster");
    QString said;
    const int exitCode = script({"start", cluster_}, &said);
    if (exitCode == 77)
        QSKIP(qPrintable(said));
    QVERIFY2(exitCode == 0, qPrintable(said));
    started_ = true;
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 3000));
    std::string yaml = test::experimentYaml("data.csv", 150 / test::Slowness,
                                            "sweep: {over: {selection.rule: [all, llkd], seed: 1..5}}\n");
    const std::string threads = std::string("threads: ") + test::Threads;
    yaml.replace(yaml.find(threads), threads.size(), "threads: 1");
    QVERIFY(test::writeFile(folder_.filePath("ten.yaml"), QByteArray::fromStdString(yaml)));
}

void CliSlurmTest::cleanupTestCase() {
    QString said;
    if (started_)
        script({"stop", cluster_}, &said);
}

void CliSlurmTest::theTableIsThatOfHere() {
    const Said here =
        Cli(folder_.path()).run({"sweep", "ten.yaml", "--runs", "here", "--workers", "2", "--json"});
    QVERIFY2(here.exitCode == 0, here.all());
    QCOMPARE(here.json().value("tasks").toArray().size(), Runs);

    Cli cli(folder_.path());
    cli.setVariable("SLURM_CONF", cluster_ + "/slurm.conf");
    const Said submitted = cli.run({"sweep", "ten.yaml", "--runs", "slurm", "--slurm", "--json"});
    QVERIFY2(submitted.exitCode == 0, submitted.all());
    const QString job = submitted.json().value("job").toString();
    const QString sweep = folder_.filePath(submitted.json().value("sweep").toString());
    const auto folder = SweepFolder::open(sweep.toStdString());
    QVERIFY2(folder, folder ? "" : folder.error().message.c_str());
    const Said status = cli.run({"sweep", sweep, "--status"});
    QVERIFY2(status.exitCode == 0 && status.out.contains("waiting    rule llkd, seed 5: PENDING"),
             status.all());

    // One is killed while it trains.
    int killed = 0;
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            for (int task = 1; task <= Runs && killed == 0; ++task)
                if (const auto one = folder->status(task);
                    one && one->state == State::Running && !one->run.empty())
                    if (::kill(static_cast<pid_t>(one->pid), SIGKILL) == 0)
                        killed = task;
            return killed != 0;
        }(),
        60'000 * test::Slowness);
    QTRY_VERIFY_WITH_TIMEOUT(folder->status(killed)->state == State::CutOff, 20'000);
    const QString task = QStringLiteral("%1_%2").arg(job).arg(killed);
    QTRY_VERIFY_WITH_TIMEOUT(slurm("scontrol", {"show", "job", task}).contains("JobState=FAILED"), 20'000);
    QCOMPARE(slurm("scontrol", {"requeue", task}), QString());
    // Slurm waits two minutes with what was requeued; nobody here has to.
    QTRY_VERIFY_WITH_TIMEOUT(slurm("scontrol", {"update", "JobId=" + task, "StartTime=now"}).isEmpty(),
                             20'000);

    QTRY_VERIFY_WITH_TIMEOUT(stateCount(*folder, State::Completed) == Runs, 300'000 * test::Slowness);
    QCOMPARE(folder->status(killed)->attempts, 2);
    const Said there = cli.run({"sweep", sweep, "--collect", "--json"});
    QVERIFY2(there.exitCode == 0, there.all());
    QVERIFY2(resultsOf(there.json()) == resultsOf(here.json()), there.all());
    const Said table = cli.run({"sweep", sweep, "--collect"});
    const Said tableHere =
        cli.run({"sweep", folder_.filePath(here.json().value("sweep").toString()), "--collect"});
    QVERIFY2(tableOf(table).contains("llkd") && !tableOf(table).contains("train s"), table.all());
    QCOMPARE(tableOf(table), tableOf(tableHere));
}

QTEST_GUILESS_MAIN(CliSlurmTest)
#include "cli_slurm_test.moc"
