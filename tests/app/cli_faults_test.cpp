// The n-th call that writes fails, for every n, or the disk is full from there on, or the process is killed
// there: one sentence, and what is on the disk afterwards is the old state or the new one, never a mixture.
// After SQLite (sqlite.org/testing.html). A run is tried at some n, with STILLROOM_EVERY_FAULT=1 at all.
#include "core/engine/checkpoint_folder.h"
#include "core/engine/checkpoint_manifest.h"
#include "core/experiment/run_folder.h"
#include "core/files/atomic_file.h"
#include "core/lab/snapshot_file.h"
#include "faulty_process.h"
#include "made_up_data.h"
#include "tests/core/output/event_file.h"

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QtTest>
#include <bit>

using namespace stillroom;
using test::Fault;
using test::faultName;
using test::FaultyEnd;
using test::FaultyProcess;
using test::Said;

namespace {

constexpr Fault Faults[] = {Fault::Eio, Fault::Full, Fault::Kill};

bool isSame(float a, float b) {
    return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
}

bool isSame(const StepRecord& a, const StepRecord& b) {
    return a.step == b.step && a.candidates == b.candidates && a.kept == b.kept &&
           a.keptWithGold == b.keptWithGold && a.keptRight == b.keptRight && isSame(a.loss, b.loss) &&
           isSame(a.learningRate, b.learningRate);
}

bool isSame(const Metrics& a, const Metrics& b) {
    return a.rows == b.rows && a.accuracy == b.accuracy && a.macroF1 == b.macroF1 && a.loss == b.loss &&
           a.confusion == b.confusion;
}

/// Of what a run wrote before the fault, `part`, that it is the beginning of what it would have written.
template <class Entries, class Same>
bool isBeginningOf(const Entries& part, const Entries& whole, Same same) {
    return part.size() <= whole.size() && std::equal(part.begin(), part.end(), whole.begin(), same);
}

QStringList hiddenIn(const QString& folder) {
    return test::everythingIn(folder).filter(QRegularExpression("^\\."));
}

bool everyFault() {
    return qEnvironmentVariableIntValue("STILLROOM_EVERY_FAULT") != 0;
}

} // namespace

class CliFaultsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void savingAnExperiment();
    void exporting();
    void exportingAgain();
    void running_data();
    void running();
    void enoughWasSeen();

  private:
    void checkSaid(const FaultyEnd& end, Fault fault);
    void checkRun(const QString& run, const FaultyEnd& end);
    void checkCheckpoints(const QString& folder, const FaultyEnd& end);
    void checkWhole(const QString& run, const FaultyEnd& end);
    void exportAtEachCall(bool again);

    QTemporaryDir folder_;
    QString run_;     ///< the uninterrupted one
    StoredRun whole_; ///< the same
    QStringList calls_;
    QMap<QString, int> ends_; ///< of faults
    QByteArray student_;      ///< its best one, as a file
};

void CliFaultsTest::initTestCase() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    QSKIP("a sanitizer wants to be loaded before all else, as does what makes the calls fail");
#endif
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 300));
    const std::string yaml = test::experimentYaml("data.csv", 2, "selection: {rule: llkd}\n");
    QVERIFY(test::writeFile(folder_.filePath("e.yaml"), QByteArray::fromStdString(yaml)));
    FaultyProcess process(folder_.path(), folder_.filePath("whole"));
    const auto end = process.run(test::Cli::program(), {"run", "e.yaml", "--runs", "whole"});
    QVERIFY2(end.said.exitCode == 0, end.all());
    calls_ = end.calls;
    QVERIFY2(calls_.size() > 40, qPrintable(calls_.join('\n')));
    run_ = test::runsIn(folder_.filePath("whole")).value(0);
    auto stored = StoredRun::open(run_.toStdString());
    QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
    whole_ = *std::move(stored);
    student_ = test::readFile(QString::fromStdString(whole_.bestStudent));
    QVERIFY(student_.size() > 1000);
    // What is to fail is among what is counted.
    for (const char* name : {" open ", " write ", " pwrite", " fsync ", " fdatasync ", " rename ",
                             " renameat2 ", " mkdir ", " symlink ", " ftruncate"})
        QVERIFY2(!calls_.filter(name).isEmpty(), name);
}

/// Killed where it should be, or one sentence and the right exit code.
void CliFaultsTest::checkSaid(const FaultyEnd& end, Fault fault) {
    if (fault == Fault::Kill) {
        QVERIFY2(end.said.signal == SIGKILL, end.all());
        return;
    }
    QVERIFY2(end.said.signal == 0, end.all());
    if (end.said.exitCode == 0)
        return;
    QVERIFY2(end.said.exitCode == 3 || end.said.exitCode == 4, end.all());
    QCOMPARE(end.said.out, QByteArray());
    const auto sentences = end.said.lines().filter(QRegularExpression("^stillroom-cli: "));
    QVERIFY2(sentences.size() == 1, end.all());
    // SQLite does not say of a file beside it which of the two it was.
    QVERIFY2(sentences[0].contains(fault == Fault::Eio ? "the disk reports an error" : "the disk is full") ||
                 sentences[0].contains("the disk takes no file beside it"),
             end.all());
}

void CliFaultsTest::savingAnExperiment() {
    const QString place = folder_.filePath("saved");
    const QString file = place + "/my.yaml";
    QVERIFY(QDir().mkpath(place));
    FaultyProcess process(folder_.path(), place);
    const QByteArray before = "name: before\n", after = "name: after\n" + QByteArray(5000, '#') + "\n";
    QVERIFY(test::writeFile(folder_.filePath("after"), after));
    const QStringList arguments{"--save", file, folder_.filePath("after")};
    int tried = 0;
    for (const bool isThere : {true, false})
        for (const Fault fault : Faults)
            for (qint64 at = 1;; ++at) {
                QFile::remove(file);
                if (isThere)
                    QVERIFY(test::writeFile(file, before));
                const auto end = process.run(QCoreApplication::applicationFilePath(), arguments, fault, at);
                if (end.failed.isEmpty()) {
                    QVERIFY2(end.said.exitCode == 0, end.all());
                    QVERIFY2(at > 4, end.all()); // open, write, sync, rename at the least
                    break;
                }
                ++tried;
                checkSaid(end, fault);
                const QByteArray now = QFile::exists(file) ? test::readFile(file) : QByteArray("none");
                const QByteArray old = isThere ? before : QByteArray("none");
                QVERIFY2(now == after || now == old, end.all());
                QVERIFY2(end.said.exitCode != 0 || now == after, end.all());
                if (fault == Fault::Kill)
                    sweepTemporaries(place);
                QVERIFY2(hiddenIn(place).isEmpty(), end.all());
            }
    qInfo("%d faults", tried);
}

void CliFaultsTest::exporting() {
    exportAtEachCall(false);
}

void CliFaultsTest::exportingAgain() {
    exportAtEachCall(true);
}

/// All of the run is there afterwards, or nothing; of an export that was there already the old one or the
/// new.
void CliFaultsTest::exportAtEachCall(bool again) {
    const QString out = folder_.filePath("out");
    const QString exported = out + run_.mid(run_.lastIndexOf('/'));
    const QStringList arguments{"export", run_, "--format", "tensorboard", "--out", out, "--json"};
    const auto content = [&]() -> QByteArray {
        const auto files = test::everythingIn(exported);
        return files.isEmpty()    ? "none"
               : files.size() > 1 ? "two"
                                  : test::readFile(exported + '/' + files[0]);
    };
    FaultyProcess process(folder_.path(), out);
    QVERIFY(process.run(test::Cli::program(), arguments).said.exitCode == 0);
    const QByteArray fresh = content();
    QVERIFY(test::readEvents(fresh));
    const QString file = exported + '/' + test::everythingIn(exported).value(0);
    int tried = 0;
    for (const Fault fault : Faults)
        for (qint64 at = 1;; ++at) {
            QVERIFY(QDir(out).removeRecursively());
            QByteArray old = "none";
            if (again) {
                QVERIFY(QDir().mkpath(exported));
                QVERIFY(test::writeFile(file, old = "an older one"));
            }
            const auto end = process.run(test::Cli::program(), arguments, fault, at);
            if (end.failed.isEmpty()) {
                QVERIFY2(end.said.exitCode == 0, end.all());
                QVERIFY2(at > 6, end.all());
                QCOMPARE(content(), fresh);
                break;
            }
            ++tried;
            checkSaid(end, fault);
            QVERIFY2(content() == fresh || content() == old, end.all());
            QVERIFY2(end.said.exitCode != 0 || content() == fresh, end.all());
            if (fault != Fault::Kill) {
                QVERIFY2(hiddenIn(out).isEmpty(), end.all());
                QVERIFY2(again || content() == fresh || !QFile::exists(out), end.all());
            }
        }
    qInfo("%d faults", tried);
    QVERIFY(QDir(out).removeRecursively());
}

/// What there is of it is the beginning of the uninterrupted run, and all of it when it says so.
void CliFaultsTest::checkRun(const QString& run, const FaultyEnd& end) {
    const auto stored = StoredRun::open(run.toStdString());
    QVERIFY2(stored, stored ? "" : (end.all() + stored.error().message).c_str());
    QVERIFY2(test::integrityOf(run) == "ok", end.all());
    QVERIFY2(isBeginningOf(stored->steps, whole_.steps, [](auto& a, auto& b) { return isSame(a, b); }),
             end.all());
    // An evaluation is of steps that are there; of a run that failed none of the test split.
    QVERIFY2(isBeginningOf(stored->evaluations, whole_.evaluations,
                           [](auto& a, auto& b) { return a.step == b.step && isSame(a.metrics, b.metrics); }),
             end.all());
    for (const auto& evaluation : stored->evaluations)
        QVERIFY2(evaluation.step <= static_cast<std::int64_t>(stored->steps.size()), end.all());
    const auto reported =
        QString::fromUtf8(end.said.err).count(QRegularExpression("\\n[^\\n]*macro-F1 0\\.\\d{4}"));
    QVERIFY2(static_cast<std::size_t>(reported) <= stored->evaluations.size(), end.all());

    // Snapshots that are recorded can be read, each whole.
    for (const auto& snapshot : stored->snapshots)
        QVERIFY2(Snapshot::open(snapshotPath(stored->path, snapshot.epoch)), end.all());
    checkCheckpoints(run + "/checkpoints", end);
    if (stored->finished && stored->end.outcome == Outcome::Completed)
        checkWhole(run, end);
    QVERIFY2(end.said.exitCode != 0 || (stored->finished && stored->end.outcome == Outcome::Completed),
             end.all());
}

/// Whatever has the name of a checkpoint or a student is whole, and a link leads to one.
void CliFaultsTest::checkCheckpoints(const QString& folder, const FaultyEnd& end) {
    for (const auto& name : test::everythingIn(folder)) {
        if (name.startsWith('.'))
            continue;
        const std::string path = (folder + '/' + name).toStdString();
        if (name == "best" || name.endsWith("-student"))
            QVERIFY2(QFile::exists(QString::fromStdString(path + '/' + StudentFile)), end.all());
        else
            QVERIFY2(readManifest(path, ManifestCheck::Files), end.all());
    }
}

/// All that the uninterrupted run has, bit by bit.
void CliFaultsTest::checkWhole(const QString& run, const FaultyEnd& end) {
    const auto stored = StoredRun::open(run.toStdString());
    QVERIFY2(stored, end.all());
    QVERIFY2(stored->finished && stored->end.outcome == Outcome::Completed, end.all());
    QVERIFY2(isSame(stored->end.test, whole_.end.test), end.all());
    QVERIFY2(isSame(stored->end.validation, whole_.end.validation), end.all());
    QVERIFY2(stored->steps.size() == whole_.steps.size() && stored->windows.size() == whole_.windows.size() &&
                 stored->evaluations.size() == whole_.evaluations.size() &&
                 stored->snapshots.size() == whole_.snapshots.size(),
             end.all());
    QVERIFY2(isBeginningOf(stored->steps, whole_.steps, [](auto& x, auto& y) { return isSame(x, y); }),
             end.all());
    QVERIFY2(test::readFile(QString::fromStdString(stored->bestStudent)) == student_, end.all());
}

void CliFaultsTest::running_data() {
    QTest::addColumn<int>("fault");
    QTest::addColumn<int>("at");
    // How many calls there are depends on how often the recorder was faster than training.
    const auto last = static_cast<int>(calls_.size());
    if (everyFault())
        for (int at = 1; at <= last + 20; ++at)
            for (int fault = 0; fault < 3; ++fault)
                QTest::addRow("%s at %d", faultName(Faults[fault]), at) << fault << at;
    constexpr int few = 15;
    for (int i = 0; !everyFault() && i < few; ++i) {
        const int at = 1 + i * (last - 1) / (few - 1);
        QTest::addRow("%s at %d of %d", faultName(Faults[i % 3]), at, last) << i % 3 << at;
    }
}

void CliFaultsTest::running() {
    QFETCH(int, fault);
    QFETCH(int, at);
    const QString runs = folder_.filePath("runs");
    QVERIFY(!QFile::exists(runs) || QDir(runs).removeRecursively());
    const auto end = FaultyProcess(folder_.path(), runs)
                         .run(test::Cli::program(), {"run", "e.yaml", "--runs", "runs"}, Faults[fault], at);
    if (end.failed.isEmpty()) {
        QVERIFY2(end.said.exitCode == 0, end.all());
        ++ends_["not reached"];
        return;
    }
    checkSaid(end, Faults[fault]);
    const auto left = test::runsIn(runs);
    QVERIFY2(left.size() <= 1, end.all());
    ++ends_[end.said.exitCode == 0 ? "went on"
            : left.isEmpty()       ? "before there was a run"
                                   : "during the run"];
    if (Faults[fault] != Fault::Kill)
        QVERIFY2(hiddenIn(runs).isEmpty(), end.all());
    if (left.isEmpty()) {
        QVERIFY2(end.said.exitCode != 0, end.all());
        return;
    }
    checkRun(left[0], end);
    if (QTest::currentTestFailed() || end.said.exitCode == 0)
        return;
    // Gone on with it ends as if nothing had happened.
    const Said resumed = test::Cli(folder_.path()).run({"resume", left[0]});
    QVERIFY2(resumed.exitCode == 0 || (resumed.exitCode == 3 && resumed.err.contains("has ended")),
             (QByteArray(end.all()) + resumed.all()).constData());
    checkWhole(left[0], end);
}

void CliFaultsTest::enoughWasSeen() {
    for (auto end = ends_.begin(); end != ends_.end(); ++end)
        qInfo("%s: %d", qPrintable(end.key()), end.value());
    QVERIFY(ends_["before there was a run"] > 0);
    QVERIFY(ends_["during the run"] > 0);
}

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    // Saves, as the window does: this program is started again under its own faults.
    if (argc == 4 && QByteArray(argv[1]) == "--save") {
        const auto saved =
            writeFileAtomically(QString::fromLocal8Bit(argv[2]), test::readFile(argv[3]).toStdString());
        if (!saved)
            std::fprintf(stderr, "stillroom-cli: %s\n", saved.error().message.c_str());
        return saved ? 0 : 3;
    }
    CliFaultsTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "cli_faults_test.moc"
