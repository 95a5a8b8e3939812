// Experiments' files that cannot be read: core/files/read_text_file.h, as users meet it.
#include "core/files/read_text_file.h"

#include "core/experiment/experiment.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace stillroom;

namespace {

void write(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

} // namespace

class ReadTextFileTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void aMissingFile();
    void anEmptyFile();
    void aFolder();
    void anUnreadableFile();
    void aHundredMegabytesAreRefusedAtOnce();
    void aPipeIsRead();
    void anEndlessFile();
};

void ReadTextFileTest::aMissingFile() {
    const auto read = readExperiment("/nowhere/e.yaml");
    QVERIFY(!read);
    QCOMPARE(read.error().message, std::string("/nowhere/e.yaml: there is no such file"));
    QCOMPARE(read.error().kind, ErrorKind::BadInput);
}

void ReadTextFileTest::anEmptyFile() {
    const QTemporaryDir folder;
    const std::string path = folder.filePath("empty.yaml").toStdString();
    write(path, "");
    const auto read = readExperiment(path);
    QVERIFY(!read);
    QCOMPARE(read.error().message, path + ": the experiment is empty; it needs at least data.train.files");
}

void ReadTextFileTest::aFolder() {
    const QTemporaryDir folder;
    const auto read = readExperiment(folder.path().toStdString());
    QVERIFY(!read);
    QCOMPARE(read.error().message, folder.path().toStdString() + " is a folder, not a file");
}

void ReadTextFileTest::anUnreadableFile() {
    const QTemporaryDir folder;
    chmod(folder.path().toLocal8Bit().constData(), 0755);
    const std::string path = folder.filePath("secret.yaml").toStdString();
    write(path, "name: a\n");
    chmod(path.c_str(), 0);
    // root may read everything, so an ordinary user tries.
    const pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(9);
        const auto read = readExperiment(path);
        _exit(!read && read.error().message == path + " cannot be read: permission is denied" ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    QCOMPARE(WEXITSTATUS(status), 0);
}

void ReadTextFileTest::aHundredMegabytesAreRefusedAtOnce() {
    const QTemporaryDir folder;
    const std::string path = folder.filePath("large.yaml").toStdString();
    write(path, "name: a\n");
    QCOMPARE(truncate(path.c_str(), 100 << 20), 0);
    QElapsedTimer timer;
    timer.start();
    const auto read = readExperiment(path);
    QVERIFY(!read);
    QCOMPARE(read.error().message,
             path + " has 104,857,600 bytes, more than the 1,048,576 allowed; an experiment is a "
                    "page of settings");
    QVERIFY(timer.elapsed() < 50);
}

void ReadTextFileTest::aPipeIsRead() {
    const QTemporaryDir folder;
    const std::string path = folder.filePath("pipe").toStdString();
    QCOMPARE(mkfifo(path.c_str(), 0600), 0);
    const pid_t child = fork();
    if (child == 0) {
        write(path, "name: piped\n");
        _exit(0);
    }
    const auto read = readExperiment(path);
    int status = 0;
    waitpid(child, &status, 0);
    QVERIFY(read);
    QCOMPARE(read->name, std::string("piped"));
}

void ReadTextFileTest::anEndlessFile() {
    const auto read = readTextFile("/dev/zero", 100'000, "that is enough");
    QVERIFY(!read);
    QCOMPARE(read.error().message,
             std::string("/dev/zero has more than the 100,000 bytes allowed; that is enough"));
}

QTEST_GUILESS_MAIN(ReadTextFileTest)
#include "read_text_file_test.moc"
