// Folders that are whole or not there, links, and what is taken away.
#include "core/engine/checkpoint_folder.h"
#include "core/engine/checkpoint_manifest.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace stillroom;

namespace {

QStringList contents(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                                  QDir::Name);
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

auto word(const std::string& text) {
    return [text](const std::string& folder) -> Result<void> {
        std::ofstream(folder + "/" + StudentFile) << text;
        return {};
    };
}

/// A checkpoint that names a student.
auto checkpoint(std::int64_t step, const std::string& best) {
    return [step, best](const std::string& folder) -> Result<void> {
        std::ofstream(folder + "/" + StateFile) << "state";
        CheckpointManifest manifest;
        manifest.version = "1";
        manifest.step = step;
        manifest.stepsPerEpoch = 10;
        manifest.bestFolder = best;
        manifest.files = {{StateFile, 0, {}}};
        return writeManifest(folder, manifest);
    };
}

} // namespace

class CheckpointFolderTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void writesAndPoints() {
        const QTemporaryDir folder;
        const std::string path = folder.path().toStdString();
        QVERIFY(addFolder(path, studentName(12), "best", word("first")));
        QCOMPARE(bytesOf(folder.filePath("best/student.safetensors")), QByteArray("first"));
        QVERIFY(addFolder(path, studentName(1234567), "best", word("second")));
        QCOMPARE(bytesOf(folder.filePath("best/student.safetensors")), QByteArray("second"));
        QCOMPARE(contents(folder.path()), (QStringList{"000012-student", "1234567-student", "best"}));
    }

    void oneThatIsThereStays() {
        const QTemporaryDir folder;
        const std::string path = folder.path().toStdString();
        QVERIFY(addFolder(path, "000005", "last", word("one")));
        QVERIFY(addFolder(path, "000005", "best", word("two")));
        QCOMPARE(bytesOf(folder.filePath("best/student.safetensors")), QByteArray("one"));
        QCOMPARE(contents(folder.path()), (QStringList{"000005", "best", "last"}));
    }

    void failureLeavesWhatWasThere() {
        const QTemporaryDir folder;
        const std::string path = folder.path().toStdString();
        QVERIFY(addFolder(path, "000001", "best", word("good")));
        const auto failed = addFolder(path, "000002", "best", [](const std::string& hidden) -> Result<void> {
            std::ofstream(hidden + "/" + StudentFile) << "half";
            return fail("cannot write " + hidden + "/student.safetensors: the disk is full");
        });
        QVERIFY(!failed);
        QVERIFY(failed.error().message.find("disk is full") != std::string::npos);
        QVERIFY(failed.error().message.find("000002/student.safetensors") != std::string::npos);
        QVERIFY(failed.error().message.find("stillroom-tmp") == std::string::npos);
        QVERIFY(failed.error().kind == ErrorKind::Training);
        QCOMPARE(contents(folder.path()), (QStringList{"000001", "best"}));
        QCOMPARE(bytesOf(folder.filePath("best/student.safetensors")), QByteArray("good"));
    }

    void aFolderThatCannotBeMade() {
        const QTemporaryDir folder;
        const std::string path = folder.filePath("gone/deeper").toStdString();
        QFile file(folder.filePath("gone"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto failed = addFolder(path, "000002", "best", word("x"));
        QVERIFY(!failed);
        QVERIFY(failed.error().message.find("000002") != std::string::npos);
    }

    void onlyWhatIsNeededStays() {
        const QTemporaryDir folder;
        const std::string path = folder.path().toStdString();
        for (const std::int64_t step : {10, 20, 25, 30})
            QVERIFY(addFolder(path, studentName(step), "best", word("student")));
        QVERIFY(addFolder(path, checkpointName(11), "last", checkpoint(11, studentName(10))));
        QVERIFY(addFolder(path, checkpointName(21), "last", checkpoint(21, studentName(20))));
        QVERIFY(addFolder(path, checkpointName(31), "last", checkpoint(31, studentName(30))));
        QVERIFY(QDir(folder.path()).mkpath(".000040.77.stillroom-tmp/deep"));
        QVERIFY(QDir(folder.path()).mkpath("a folder of the user's"));
        QCOMPARE(checkpointSteps(path), (std::vector<std::int64_t>{31, 21, 11}));
        removeOthers(path, {31, 21}, studentName(25));
        QCOMPARE(contents(folder.path()),
                 (QStringList{"000020-student", "000021", "000025-student", "000030-student", "000031",
                              "a folder of the user's", "best", "last"}));
        QVERIFY(pointLink(path, "last", {}));
        QVERIFY(!contents(folder.path()).contains("last"));
    }
};

QTEST_GUILESS_MAIN(CheckpointFolderTest)
#include "checkpoint_folder_test.moc"
