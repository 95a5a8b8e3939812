// A run on a disk that fills up, at every point at which it can: a small file system in memory where this may
// be mounted (root), else a limit on the size of files.
#include "run_fixture.h"

#include <QtTest>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

using namespace stillroom;

namespace {

std::uint64_t freeBytes(const QString& folder) {
    struct statvfs about {};
    return statvfs(folder.toLocal8Bit().constData(), &about) == 0 ? about.f_bavail * about.f_frsize : 0;
}

/// Leaves `left` bytes free.
void fill(const QString& folder, std::uint64_t left) {
    const std::string path = folder.toStdString() + "/filler";
    std::filesystem::remove(path);
    const std::uint64_t room = freeBytes(folder);
    std::ofstream(path) << std::string(room > left ? room - left : 0, 'x');
}

} // namespace

class DiskFullTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void whileItIsMade();
    void whileItIsRecorded();
    void filesMayNotGrow();

  private:
    void needDisk();
    QTemporaryDir folder_;
    bool mounted_ = false;
};

/// In a mount namespace of its own, so that nothing stays mounted whatever happens.
void DiskFullTest::initTestCase() {
    mounted_ = geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
               mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
               mount("tmpfs", folder_.path().toLocal8Bit().constData(), "tmpfs", 0, "size=256k") == 0;
}

void DiskFullTest::cleanupTestCase() {
    if (mounted_)
        umount2(folder_.path().toLocal8Bit().constData(), MNT_DETACH);
}

void DiskFullTest::whileItIsMade() {
    if (!mounted_)
        QSKIP("a small file system cannot be mounted here; filesMayNotGrow does what can be done");
    const std::string runs = folder_.filePath("runs").toStdString();
    int made = 0;
    int refused = 0;
    for (std::uint64_t left = 0; left <= 200 * 1024; left += 4096) {
        fill(folder_.path(), left);
        const auto run = RunFolder::create(runs, madeExperiment(), madeOrigin());
        if (run) {
            ++made;
            const auto stored = StoredRun::open((*run)->path());
            QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
            QVERIFY((*run)->remove());
            QDir().rmdir(QString::fromStdString(runs));
        } else {
            ++refused;
            QVERIFY2(run.error().message.find("the disk is full") != std::string::npos,
                     run.error().message.c_str());
        }
        QCOMPARE(everythingIn(folder_.path()), QStringList{"filler"});
    }
    QVERIFY(made > 5);
    QVERIFY(refused > 5);
}

void DiskFullTest::whileItIsRecorded() {
    if (!mounted_)
        QSKIP("a small file system cannot be mounted here; filesMayNotGrow does what can be done");
    QFile::remove(folder_.filePath("filler"));
    const auto run = makeRun(folder_);
    std::int64_t recorded = 0;
    Result<void> result;
    for (; result && recorded < 1'000'000; recorded += result ? 50 : 0)
        result = run->record({madeSteps(recorded + 1, recorded + 50)});
    QVERIFY(!result);
    QVERIFY2(result.error().message.find("run.sqlite cannot be written: the disk is full") !=
                 std::string::npos,
             result.error().message.c_str());
    QVERIFY(recorded > 0);
    QVERIFY(!run->record({madeSteps(recorded + 1, recorded + 50)})); // still full, still no crash

    const auto stored = StoredRun::open(run->path());
    QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
    QCOMPARE(stored->steps.size(), static_cast<std::size_t>(recorded));
    QVERIFY(!stored->finished);

    // Room again: what ends the run is recorded.
    QCOMPARE(mount("tmpfs", folder_.path().toLocal8Bit().constData(), "tmpfs", MS_REMOUNT, "size=4m"), 0);
    QVERIFY(run->record({madeEnd(Outcome::Failed)}));
    QVERIFY(run->close());
    const auto ended = StoredRun::open(run->path());
    QVERIFY(ended);
    QVERIFY(ended->finished);
    QCOMPARE(ended->steps.size(), static_cast<std::size_t>(recorded));
    QCOMPARE(ask(run->path(), "PRAGMA integrity_check").toString(), QString("ok"));
}

void DiskFullTest::filesMayNotGrow() {
    const QTemporaryDir folder;
    chmod(folder.path().toLocal8Bit().constData(), 0777);
    const auto said = asOrdinaryUser([&]() -> std::string {
        const auto run = makeRun(folder);
        signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{200'000, 200'000};
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
            return "no limit";
        std::int64_t recorded = 0;
        Result<void> result;
        for (; result && recorded < 1'000'000; recorded += result ? 50 : 0)
            result = run->record({madeSteps(recorded + 1, recorded + 50)});
        if (result)
            return "never full";
        const auto stored = StoredRun::open(run->path());
        if (!stored)
            return stored.error().message;
        if (stored->steps.size() != static_cast<std::size_t>(recorded))
            return "steps are missing";
        const auto second =
            RunFolder::create(folder.filePath("runs").toStdString(), madeExperiment(), madeOrigin());
        if (second)
            return ""; // its file is smaller than the limit
        return everythingIn(folder.filePath("runs")).size() == 1 ? "" : "something was left behind";
    });
    QCOMPARE(said, QByteArray());
}

QTEST_GUILESS_MAIN(DiskFullTest)
#include "disk_full_test.moc"
