#include "core/output/output_folder.h"

#include "core/files/process_tag.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>
#include <chrono>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

using namespace stillroom;

namespace {

QStringList everythingIn(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
}

bool write(const std::string& path, const QByteArray& content) {
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("not there");
}

} // namespace

class OutputFolderTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void init() { scratch_ = std::make_unique<QTemporaryDir>(); }
    void isWholeOrNotThere();
    void nothingIsLeftWithoutCommit();
    void whatIsThereStays();
    void whatIsThereIsReplaced();
    void errorsNameItsPlace();
    void leftoversAreSwept();
    void leftoversOfTheDead();
    void names();

  private:
    std::string path(const char* name) const { return scratch_->filePath(name).toStdString(); }
    std::unique_ptr<QTemporaryDir> scratch_;
};

void OutputFolderTest::isWholeOrNotThere() {
    OutputFolder folder(path("a/b/target/"));
    QVERIFY(folder.create());
    QVERIFY(write(folder.temporary() + "/file", "content"));
    QVERIFY(!QFile::exists(scratch_->filePath("a/b/target")));
    QVERIFY(folder.commit(false));
    QCOMPARE(everythingIn(scratch_->filePath("a/b")), QStringList{"target"});
    QCOMPARE(contentOf(scratch_->filePath("a/b/target/file")), QByteArray("content"));
}

void OutputFolderTest::nothingIsLeftWithoutCommit() {
    {
        OutputFolder folder(path("a/b/target"));
        QVERIFY(folder.create());
        QVERIFY(write(folder.temporary() + "/file", "content"));
    }
    QCOMPARE(everythingIn(scratch_->path()), QStringList());
}

void OutputFolderTest::whatIsThereStays() {
    QVERIFY(QDir(scratch_->path()).mkpath("target"));
    QVERIFY(write(path("target/mine"), "mine"));
    {
        OutputFolder folder(path("target"));
        QVERIFY(folder.create());
        const auto committed = folder.commit(false);
        QVERIFY(!committed);
        QVERIFY2(committed.error().message.find(path("target")) != std::string::npos,
                 committed.error().message.c_str());
    }
    QCOMPARE(everythingIn(scratch_->path()), QStringList{"target"});
    QCOMPARE(contentOf(scratch_->filePath("target/mine")), QByteArray("mine"));
}

void OutputFolderTest::whatIsThereIsReplaced() {
    QVERIFY(QDir(scratch_->path()).mkpath("target"));
    QVERIFY(write(path("target/old"), "old"));
    {
        OutputFolder folder(path("target"));
        QVERIFY(folder.create());
        QVERIFY(write(folder.temporary() + "/new", "new"));
        QVERIFY(folder.commit(true));
    }
    QCOMPARE(everythingIn(scratch_->path()), QStringList{"target"});
    QCOMPARE(everythingIn(scratch_->filePath("target")), QStringList{"new"});
}

void OutputFolderTest::errorsNameItsPlace() {
    QVERIFY(write(path("file"), ""));
    OutputFolder below(path("file/target"));
    const auto made = below.create();
    QVERIFY(!made);
    QVERIFY2(made.error().message.find(path("file/target")) != std::string::npos,
             made.error().message.c_str());

    OutputFolder folder(path("target"));
    QVERIFY(folder.create());
    const Error error = folder.inItsPlace({"cannot write " + folder.temporary() + "/x: the disk is full"});
    QCOMPARE(error.message, "cannot write " + path("target") + "/x: the disk is full");
}

void OutputFolderTest::leftoversAreSwept() {
    for (const char* name : {".unfinished-1-old", ".unfinished-1-new", "other"})
        QVERIFY(QDir(scratch_->path()).mkpath(name));
    const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(48);
    std::filesystem::last_write_time(path(".unfinished-1-old"), old);
    std::filesystem::last_write_time(path("other"), old);
    {
        OutputFolder folder(path("target"));
        QVERIFY(folder.create());
    }
    QCOMPARE(everythingIn(scratch_->path()), (QStringList{".unfinished-1-new", "other"}));
}

/// At once, where their maker was a process of this machine; what lives, or is another machine's, stays.
void OutputFolderTest::leftoversOfTheDead() {
    const pid_t dead = fork();
    if (dead == 0)
        _exit(0);
    waitpid(dead, nullptr, 0);
    const std::string tag = hostTag(), other = tag == "0000" ? "0001" : "0000";
    const auto make = [this](pid_t pid, const std::string& host) {
        const QString name =
            QString(".unfinished-%1-%2").arg(pid).arg(QString::fromStdString(host) + "01234567");
        return QDir(scratch_->path()).mkpath(name + "/checkpoints") ? name : QString();
    };
    const QString left = make(dead, tag), foreign = make(dead, other), living = make(getppid(), tag);
    {
        OutputFolder folder(path("target"));
        QVERIFY(folder.create());
        QVERIFY(folder.temporary().find('-' + std::to_string(getpid()) + '-' + tag) != std::string::npos);
    }
    QStringList stay{foreign, living};
    stay.sort();
    QVERIFY(!left.isEmpty() && !everythingIn(scratch_->path()).contains(left));
    QCOMPARE(everythingIn(scratch_->path()), stay);
}

void OutputFolderTest::names() {
    QCOMPARE(folderName("runs/x"), std::string("x"));
    QCOMPARE(folderName("runs/x/"), std::string("x"));
    QCOMPARE(folderName("runs/y/../x//"), std::string("x"));
    QCOMPARE(folderName("."), std::filesystem::current_path().filename().string());
}

QTEST_GUILESS_MAIN(OutputFolderTest)
#include "output_folder_test.moc"
