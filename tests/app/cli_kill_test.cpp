// kill -9 at ten random moments of a run: what it had reported is on the disk, and the next run is not in its
// way.
#include "cli_process.h"
#include "core/base/random.h"
#include "core/engine/checkpoint_manifest.h"
#include "core/experiment/run_folder.h"
#include "made_up_data.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>
#include <chrono>
#include <ctime>
#include <filesystem>

using namespace stillroom;
using test::Cli;
using test::Said;

namespace {

/// What the first line says when training begins.
const QByteArray Begun = " steps in ";

/// An evaluation as it was printed.
struct Reported {
    Split split;
    QString accuracy, macroF1; ///< four digits
};

/// Of whole lines: the last one may have been cut off.
QList<Reported> reportedIn(const QByteArray& err) {
    static const QRegularExpression line(
        "(validation|test)\\b.* accuracy (0\\.\\d{4}), macro-F1 (0\\.\\d{4})");
    QList<Reported> all;
    for (auto match = line.globalMatch(QString::fromUtf8(err.left(err.lastIndexOf('\n') + 1)));
         match.hasNext();) {
        const auto found = match.next();
        all.append({found.captured(1) == "test" ? Split::Test : Split::Validation, found.captured(2),
                    found.captured(3)});
    }
    return all;
}

QString fourDigits(double value) {
    return QString::number(value, 'f', 4);
}

} // namespace

class CliKillTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void killed_data();
    void killed();
    void enoughWasSeen();
    void theNextRunSweeps();

  private:
    void checkRun(const QString& run, const QByteArray& err, bool ended);

    QTemporaryDir folder_;
    qint64 loading_ = 0, training_ = 0; ///< milliseconds
    int kills_ = 0, runsLeft_ = 0, linesFound_ = 0;
};

/// A run of a second or two, and how long it takes when nobody kills it.
void CliKillTest::initTestCase() {
    const int epochs = 60 / test::Slowness;
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 20'000));
    QVERIFY(test::writeFile(folder_.filePath("e.yaml"),
                            QByteArray::fromStdString(test::experimentYaml("data.csv", epochs))));
    Cli cli(folder_.path());
    cli.start({"run", "e.yaml", "--runs", "whole"});
    QVERIFY(cli.waitForWord(Begun));
    loading_ = cli.milliseconds();
    const Said said = cli.finish();
    QVERIFY2(said.exitCode == 0, said.all());
    QCOMPARE(reportedIn(said.err).size(), epochs + 1);
    training_ = said.milliseconds - loading_;
    checkRun(test::runsIn(folder_.filePath("whole")).value(0), said.err, true);
    linesFound_ = 0;
}

/// The database, and each line that was printed, in its order.
void CliKillTest::checkRun(const QString& run, const QByteArray& err, bool ended) {
    // First as we read it, with the log beside it as the killed process left it; then as others do.
    const auto stored = StoredRun::open(run.toStdString());
    QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
    QVERIFY(!ended || stored->finished);
    QCOMPARE(test::integrityOf(run), QString("ok"));
    const auto reported = reportedIn(err);
    QVERIFY2(static_cast<std::size_t>(reported.size()) <= stored->evaluations.size(),
             qPrintable(QString("%1 of %2").arg(stored->evaluations.size()).arg(reported.size())));
    for (qsizetype i = 0; i < reported.size(); ++i) {
        const auto& evaluation = stored->evaluations[static_cast<std::size_t>(i)];
        QVERIFY(evaluation.split == reported[i].split);
        QCOMPARE(fourDigits(evaluation.metrics.accuracy), reported[i].accuracy);
        QCOMPARE(fourDigits(evaluation.metrics.macroF1), reported[i].macroF1);
        ++linesFound_;
    }
    // Steps without a gap, up to the last evaluation at least.
    for (std::size_t i = 0; i < stored->steps.size(); ++i)
        QCOMPARE(stored->steps[i].step, static_cast<std::int64_t>(i) + 1);
    for (const auto& evaluation : stored->evaluations)
        QVERIFY(evaluation.step <= static_cast<std::int64_t>(stored->steps.size()));
    // A student or a checkpoint that is there is whole.
    for (const auto& name : test::everythingIn(run + "/checkpoints"))
        if (const QString folder = run + "/checkpoints/" + name; !name.startsWith('.'))
            QVERIFY2(name == "best" || name.endsWith("-student")
                         ? QFile::exists(folder + "/student.safetensors")
                         : readManifest(folder.toStdString(), ManifestCheck::Files).has_value(),
                     qPrintable(name));
    if (!stored->bestStudent.empty())
        QCOMPARE(Cli(folder_.path()).run({"evaluate", run}).exitCode, 0);
}

void CliKillTest::killed_data() {
    QTest::addColumn<bool>("hasBegun");
    QTest::addColumn<int>("thousandth");
    Random random(static_cast<std::uint64_t>(std::time(nullptr)), "moments");
    for (int i = 0; i < 10; ++i) {
        const int thousandth = static_cast<int>(random.below(1000));
        QTest::addRow("%d: after %d thousandths of %s", i, thousandth, i < 3 ? "loading" : "training")
            << (i >= 3) << thousandth;
    }
}

void CliKillTest::killed() {
    QFETCH(bool, hasBegun);
    QFETCH(int, thousandth);
    const QString runs = folder_.filePath("runs");
    const auto before = test::runsIn(runs);
    Cli cli(folder_.path());
    cli.start({"run", "e.yaml"});
    if (hasBegun)
        QVERIFY(cli.waitForWord(Begun));
    cli.waitForEnd(static_cast<int>((hasBegun ? training_ : loading_) * thousandth / 1000));
    cli.send(SIGKILL);
    const Said said = cli.finish();
    QVERIFY2(said.signal == SIGKILL || said.exitCode == 0, said.all());
    kills_ += said.signal == SIGKILL ? 1 : 0;

    auto now = test::runsIn(runs);
    for (const auto& run : before)
        QVERIFY(now.removeOne(run));
    QVERIFY(now.size() <= 1);
    if (now.isEmpty()) {
        QVERIFY2(reportedIn(said.err).isEmpty() && said.exitCode != 0, said.all());
        return;
    }
    ++runsLeft_;
    checkRun(now[0], said.err, said.exitCode == 0);
}

/// Whether the ten moments have shown something: far from certain if the machine is much busier now than
/// before.
void CliKillTest::enoughWasSeen() {
    qInfo("%d were killed, %d of ten runs had begun, %d reported evaluations were found", kills_, runsLeft_,
          linesFound_);
    QVERIFY(kills_ >= 3);
    QVERIFY(runsLeft_ >= 7);
    QVERIFY(linesFound_ > 0);
}

void CliKillTest::theNextRunSweeps() {
    // As of processes killed while they made their folder: two days ago, and just now.
    for (const QString name : {"runs/.unfinished-old", "runs/.unfinished-new"}) {
        QVERIFY(QDir(folder_.path()).mkpath(name + "/checkpoints"));
        QVERIFY(test::writeFile(folder_.filePath(name + "/run.sqlite"), "half"));
    }
    const std::filesystem::path old = folder_.filePath("runs/.unfinished-old").toStdString();
    std::filesystem::last_write_time(old,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(48));
    const auto before = test::runsIn(folder_.filePath("runs"));
    const Said said = Cli(folder_.path()).run({"run", "e.yaml", "--json", "--set", "training.epochs=1"});
    QVERIFY2(said.exitCode == 0, said.all());
    const auto after = test::runsIn(folder_.filePath("runs"));
    QCOMPARE(after.size(), before.size() + 1);
    const QString run = folder_.filePath(said.json().value("run").toString());
    QVERIFY(after.contains(run));
    QVERIFY(!std::filesystem::exists(old));
    QVERIFY(QDir(folder_.filePath("runs/.unfinished-new")).exists());
}

QTEST_GUILESS_MAIN(CliKillTest)
#include "cli_kill_test.moc"
