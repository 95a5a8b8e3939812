// A disk that fills up under a run, wherever it does: a sentence, the right exit code, and what is on the
// disk is whole.
#include "cli_process.h"
#include "core/experiment/run_folder.h"
#include "made_up_data.h"

#include <QDirIterator>
#include <QTemporaryDir>
#include <QtTest>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

using namespace stillroom;
using test::Cli;
using test::Said;

namespace {

qint64 bytesIn(const QString& folder) {
    qint64 bytes = 0;
    for (QDirIterator entry(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
         entry.hasNext();) {
        entry.next();
        bytes += entry.fileInfo().isSymLink() ? 0 : entry.fileInfo().size();
    }
    return bytes;
}

} // namespace

class CliDiskTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void fullAtAnyPoint();

  private:
    void leaveFree(qint64 bytes);
    void checkFailed(const Said& said, const QString& run);

    QTemporaryDir folder_; ///< the experiment and its data
    QTemporaryDir disk_;   ///< the small one
    bool mounted_ = false;
};

/// In a mount namespace of its own, so that nothing stays mounted whatever happens.
void CliDiskTest::initTestCase() {
    mounted_ = ::geteuid() == 0 && ::unshare(CLONE_NEWNS) == 0 &&
               ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
               ::mount("tmpfs", QFile::encodeName(disk_.path()).constData(), "tmpfs", 0, "size=16m") == 0;
    if (!mounted_)
        QSKIP("a small disk can be mounted by root alone; core.experiment.disk_full_test does what can be "
              "done");
    QVERIFY(test::writeData(folder_.filePath("data.csv"), 1500));
    QVERIFY(test::writeFile(folder_.filePath("e.yaml"),
                            QByteArray::fromStdString(test::experimentYaml("data.csv", 20))));
}

void CliDiskTest::cleanupTestCase() {
    if (mounted_)
        ::umount2(QFile::encodeName(disk_.path()).constData(), MNT_DETACH);
}

void CliDiskTest::leaveFree(qint64 bytes) {
    const QString filler = disk_.filePath("filler");
    QFile::remove(filler);
    struct statvfs about {};
    QCOMPARE(::statvfs(QFile::encodeName(disk_.path()).constData(), &about), 0);
    const auto room = static_cast<qint64>(about.f_bavail) * static_cast<qint64>(about.f_frsize);
    QVERIFY(room > bytes);
    QVERIFY(test::writeFile(filler, QByteArray(static_cast<int>(room - bytes), 'x')));
}

void CliDiskTest::checkFailed(const Said& said, const QString& run) {
    QVERIFY2(said.err.contains(run.toUtf8()), said.all()); // it says where what there is lies
    const auto stored = StoredRun::open(run.toStdString());
    QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
    QVERIFY(QFile::remove(disk_.filePath("filler"))); // SQLite's own tools need some room
    QCOMPARE(test::integrityOf(run), QString("ok"));
    QVERIFY(!stored->finished || stored->end.outcome == Outcome::Failed);
    if (stored->bestStudent.empty())
        return;
    const Said evaluated = Cli(folder_.path()).run({"evaluate", run});
    QVERIFY2(evaluated.exitCode == 0, evaluated.all());
}

void CliDiskTest::fullAtAnyPoint() {
    const QString runs = disk_.filePath("runs");
    const QStringList arguments{"run", "e.yaml", "--json", "--runs", runs};
    QCOMPARE(Cli(folder_.path()).run(arguments).exitCode, 0);
    const qint64 whole = bytesIn(runs);
    QVERIFY(whole > 100'000);

    // Close together where the folder is made, then up to where a log as large as the database has room too.
    QList<qint64> points{0, 16'384, 65'536, 98'304};
    for (int eighth = 1; eighth <= 16; eighth += test::Slowness > 1 ? 5 : 2)
        points << eighth * whole / 8;
    points << 4 * whole;
    QMap<int, int> ends; // by exit code
    for (const auto point : points) {
        QVERIFY(QDir(runs).removeRecursively());
        leaveFree(point);
        const Said said = Cli(folder_.path()).run(arguments);
        ++ends[said.exitCode];
        QCOMPARE(said.signal, 0);
        const auto left = test::everythingIn(runs);
        if (said.exitCode == 0) {
            QVERIFY(!said.json().isEmpty());
            continue;
        }
        QCOMPARE(said.out, QByteArray());
        QVERIFY2(said.err.contains("the disk is full"), said.all());
        if (said.exitCode == 3) {
            QVERIFY2(said.lines().size() == 1, said.all());
            QVERIFY2(left.isEmpty(), qPrintable(left.join(' ')));
        } else {
            QVERIFY2(said.exitCode == 4, said.all());
            QCOMPARE(left.size(), 1);
            checkFailed(said, runs + '/' + left[0]);
        }
    }
    qInfo("the disk was full %d times before training, %d times during it, %d times not at all", ends[3],
          ends[4], ends[0]);
    QVERIFY(ends[3] > 0 && ends[4] > 0 && ends[0] > 0);
}

QTEST_GUILESS_MAIN(CliDiskTest)
#include "cli_disk_test.moc"
