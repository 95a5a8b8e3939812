#include "core/files/atomic_file.h"
#include "tests/child_process.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <cerrno>
#include <csignal>
#include <functional>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace stillroom;
using stillroom::test::inChild;

namespace {

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be opened");
}

QStringList entriesOf(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                                  QDir::Name);
}

std::string outcome(const Result<void>& result) {
    return result ? "written" : result.error().message;
}

} // namespace

class AtomicFileTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init();
    void writesAndReplaces();
    void withoutACommitNothingChanges();
    void keepsWhoMayRead();
    void followsALink();
    void aLongNameIsNoProblem();
    void aMissingFolderIsASentence();
    void aFolderInItsPlaceIsASentence();
    void aPipeIsNotReplaced();
    void aFolderWithoutPermissionIsASentence();
    void afterAKillTheOldFileIsThereAndTheTemporaryIsSwept();
    void sweepingLeavesTheLivingAndTheOthersAlone();
    void atEveryLimitTheFileIsOldOrNew();
    void aFullDiskKeepsTheOldFile();
    void aFailedRenameKeepsTheOldFile();
    void errorsAreWords();

  private:
    std::unique_ptr<QTemporaryDir> folder_;
    QString path(const QString& name) const { return folder_->filePath(name); }
};

void AtomicFileTest::init() {
    folder_ = std::make_unique<QTemporaryDir>();
    QVERIFY(folder_->isValid());
}

void AtomicFileTest::writesAndReplaces() {
    QVERIFY(writeFileAtomically(path("a.yaml"), "one"));
    QCOMPARE(contentOf(path("a.yaml")), QByteArray("one"));
    AtomicFile file(path("a.yaml"));
    QVERIFY(file.open());
    QVERIFY(file.write("tw"));
    QVERIFY(file.write(std::as_bytes(std::span("o", 1))));
    QCOMPARE(contentOf(path("a.yaml")), QByteArray("one"));
    QVERIFY(file.commit());
    QCOMPARE(contentOf(path("a.yaml")), QByteArray("two"));
    QCOMPARE(entriesOf(folder_->path()), QStringList{"a.yaml"});
    QVERIFY(writeFileAtomically(path("a.yaml"), ""));
    QCOMPARE(contentOf(path("a.yaml")), QByteArray());
}

void AtomicFileTest::withoutACommitNothingChanges() {
    QVERIFY(writeFileAtomically(path("a.yaml"), "old"));
    {
        AtomicFile file(path("a.yaml"));
        QVERIFY(file.open());
        QVERIFY(file.write("new"));
        const auto entries = entriesOf(folder_->path());
        QCOMPARE(entries.size(), 2);
        const QRegularExpression shape(
            QStringLiteral("^\\.a\\.yaml\\.%1\\.[0-9a-f]+\\.stillroom-tmp$").arg(::getpid()));
        QVERIFY2(shape.match(entries[0]).hasMatch(), qPrintable(entries[0]));
    }
    QCOMPARE(contentOf(path("a.yaml")), QByteArray("old"));
    QCOMPARE(entriesOf(folder_->path()), QStringList{"a.yaml"});
}

void AtomicFileTest::keepsWhoMayRead() {
    QVERIFY(writeFileAtomically(path("secret"), "old"));
    QVERIFY(::chmod(path("secret").toUtf8().constData(), 0600) == 0);
    QVERIFY(writeFileAtomically(path("secret"), "new"));
    struct stat status {};
    QVERIFY(::stat(path("secret").toUtf8().constData(), &status) == 0);
    QCOMPARE(static_cast<int>(status.st_mode & 07777), 0600);
}

void AtomicFileTest::followsALink() {
    QVERIFY(QDir(folder_->path()).mkdir("there"));
    QVERIFY(writeFileAtomically(path("there/a"), "old"));
    QVERIFY(QFile::link(path("there/a"), path("here")));
    QVERIFY(writeFileAtomically(path("here"), "new"));
    QCOMPARE(contentOf(path("there/a")), QByteArray("new"));
    QVERIFY(QFileInfo(path("here")).isSymLink());
}

void AtomicFileTest::aLongNameIsNoProblem() {
    const QString name = QString(120, QChar(0xe4)) + "abcdefghijklmno"; // 255 bytes
    QCOMPARE(name.toUtf8().size(), 255);
    QVERIFY(writeFileAtomically(path(name), "x"));
    QCOMPARE(contentOf(path(name)), QByteArray("x"));
}

void AtomicFileTest::aMissingFolderIsASentence() {
    const auto result = writeFileAtomically(path("none/a.yaml"), "x");
    QVERIFY(!result);
    QCOMPARE(QString::fromStdString(result.error().message),
             "cannot write " + path("none/a.yaml") +
                 ": there is no such file or folder; create the folder first, or choose another");
    QVERIFY(entriesOf(folder_->path()).isEmpty());
}

/// Nor /dev/null, of which it would be a pity.
void AtomicFileTest::aPipeIsNotReplaced() {
    QCOMPARE(::mkfifo(path("pipe").toLocal8Bit().constData(), 0600), 0);
    const auto result = writeFileAtomically(path("pipe"), "x");
    QVERIFY(!result);
    QVERIFY2(result.error().message.find("is a device or a pipe") != std::string::npos,
             result.error().message.c_str());
    QCOMPARE(entriesOf(folder_->path()), QStringList{"pipe"});
}

void AtomicFileTest::aFolderInItsPlaceIsASentence() {
    QVERIFY(QDir(folder_->path()).mkdir("a.yaml"));
    const auto result = writeFileAtomically(path("a.yaml"), "x");
    QCOMPARE(QString::fromStdString(outcome(result)),
             "cannot write " + path("a.yaml") + ": there is a folder of that name; choose another name");
    QCOMPARE(entriesOf(folder_->path()), QStringList{"a.yaml"});
}

void AtomicFileTest::aFolderWithoutPermissionIsASentence() {
    QVERIFY(QDir(folder_->path()).mkdir("closed"));
    QVERIFY(::chmod(folder_->path().toUtf8().constData(), 0755) == 0);
    QVERIFY(::chmod(path("closed").toUtf8().constData(), 0555) == 0);
    // Root may write anywhere: an ordinary user has to try.
    const QByteArray said = inChild([&]() -> std::string {
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0))
            return "cannot become an ordinary user";
        return outcome(writeFileAtomically(path("closed/a.yaml"), "x"));
    });
    QCOMPARE(QString::fromUtf8(said),
             "cannot write " + path("closed/a.yaml") +
                 ": permission is denied; choose another folder, or have this one made "
                 "writable");
}

void AtomicFileTest::afterAKillTheOldFileIsThereAndTheTemporaryIsSwept() {
    QVERIFY(writeFileAtomically(path("a.yaml"), "old"));
    int status = 0;
    inChild(
        [&]() -> std::string {
            AtomicFile file(path("a.yaml"));
            if (file.open() && file.write("new"))
                ::raise(SIGKILL);
            return "was not killed";
        },
        &status);
    QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    QCOMPARE(contentOf(path("a.yaml")), QByteArray("old"));
    QCOMPARE(entriesOf(folder_->path()).size(), 2);
    sweepTemporaries(folder_->path());
    QCOMPARE(entriesOf(folder_->path()), QStringList{"a.yaml"});
    QCOMPARE(contentOf(path("a.yaml")), QByteArray("old"));
}

void AtomicFileTest::sweepingLeavesTheLivingAndTheOthersAlone() {
    AtomicFile alive(path("a"));
    QVERIFY(alive.open());
    const QString living = entriesOf(folder_->path()).value(0);
    const QStringList others{".hidden", "b.stillroom-tmp", ".c.stillroom-tmp", ".d.x.0000.stillroom-tmp",
                             // of another machine, where that process may well live
                             living.section('.', 0, 2) + ".1." + "zzzz12345678" + ".stillroom-tmp"};
    for (const auto& name : others)
        QVERIFY(writeFileAtomically(path(name), "x"));
    sweepTemporaries(folder_->path());
    QCOMPARE(entriesOf(folder_->path()).size(), others.size() + 1);
    QVERIFY(QFile::exists(path(living)));
    sweepTemporaries(path("no such folder"));
    QVERIFY(alive.write("x"));
    QVERIFY(alive.commit());
}

void AtomicFileTest::atEveryLimitTheFileIsOldOrNew() {
    const std::string longer(1000, 'n');
    QVERIFY(writeFileAtomically(path("a"), "old"));
    const QByteArray said = inChild([&]() -> std::string {
        ::signal(SIGXFSZ, SIG_IGN);
        for (rlim_t limit = 0; limit < 1100; limit += 50) {
            const rlimit soft{limit, RLIM_INFINITY};
            if (::setrlimit(RLIMIT_FSIZE, &soft) != 0)
                return "cannot set the limit";
            AtomicFile file(path("a"));
            if (!file.open())
                return "cannot open";
            const auto written = file.write(longer);
            const auto committed = file.commit();
            const bool fits = limit >= longer.size();
            if (written.has_value() != fits || committed.has_value() != fits)
                return "at " + std::to_string(limit) + ": " + outcome(written) + ", " + outcome(committed);
            if (!fits && written.error().message.find("larger than is allowed") == std::string::npos)
                return written.error().message;
            if (contentOf(path("a")).toStdString() != (fits ? longer : "old"))
                return "content at " + std::to_string(limit);
        }
        return "good";
    });
    QCOMPARE(said, QByteArray("good"));
    QCOMPARE(entriesOf(folder_->path()), QStringList{"a"});
}

void AtomicFileTest::aFullDiskKeepsTheOldFile() {
    const QByteArray disk = folder_->path().toUtf8();
    const QByteArray said = inChild([&]() -> std::string {
        // A mount of our own that ends with this process.
        if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("tmpfs", disk.constData(), "tmpfs", 0, "size=65536") != 0)
            return "no mount";
        if (const auto first = writeFileAtomically(path("a.yaml"), "old"); !first)
            return outcome(first);
        const auto result = writeFileAtomically(path("a.yaml"), std::string(100000, 'x'));
        return outcome(result) + "|" + contentOf(path("a.yaml")).toStdString() + "|" +
               entriesOf(folder_->path()).join(' ').toStdString();
    });
    if (said == "no mount")
        QSKIP("a small disk can be mounted by root only; the limit on file sizes stands in for it");
    QCOMPARE(QString::fromUtf8(said), "cannot write " + path("a.yaml") +
                                          ": the disk is full; free some space and try again|old|a.yaml");
}

void AtomicFileTest::aFailedRenameKeepsTheOldFile() {
    AtomicFile file(path("a"));
    QVERIFY(file.open());
    QVERIFY(file.write("new"));
    // Somebody makes a folder where the file should go: the rename is refused.
    QVERIFY(QDir(folder_->path()).mkdir("a"));
    QVERIFY(!file.commit());
    QVERIFY(QFileInfo(path("a")).isDir());
}

void AtomicFileTest::errorsAreWords() {
    QCOMPARE(describeErrno(ENOSPC), std::string("the disk is full"));
    QCOMPARE(describeErrno(EACCES), std::string("permission is denied"));
    QCOMPARE(describeErrno(ENOENT), std::string("there is no such file or folder"));
    QVERIFY(!describeErrno(EPIPE).empty());
}

QTEST_GUILESS_MAIN(AtomicFileTest)
#include "atomic_file_test.moc"
