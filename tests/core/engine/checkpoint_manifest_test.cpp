// What a checkpoint says of itself, and everything that can have happened to it since.
#include "core/engine/checkpoint_manifest.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

namespace {

bool write(const QString& path, const QByteArray& bytes) {
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

QByteArray read(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

CheckpointManifest made() {
    CheckpointManifest manifest;
    manifest.version = "0.9";
    manifest.step = 1234;
    manifest.stepsPerEpoch = 100;
    manifest.evaluations = 12;
    manifest.openWindow = 1230;
    manifest.rule = "llkd";
    manifest.data = "abc";
    manifest.bestStep = 900;
    manifest.bestFolder = "000900-student";
    manifest.files = {{"state.safetensors", 0, {}}};
    return manifest;
}

} // namespace

class CheckpointManifestTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    std::string path() const { return folder_.path().toStdString(); }
    QString state() const { return folder_.filePath("state.safetensors"); }
    QString manifest() const { return folder_.filePath("manifest.json"); }

    void isRefused(const char* because) {
        const auto manifest = readManifest(path(), ManifestCheck::Files);
        QVERIFY(!manifest);
        QVERIFY2(manifest.error().message.find(because) != std::string::npos,
                 manifest.error().message.c_str());
        QVERIFY(manifest.error().message.find(path()) != std::string::npos);
    }

  private Q_SLOTS:
    void init() {
        QVERIFY(write(state(), "the state of training"));
        QVERIFY(writeManifest(path(), made()).has_value());
    }

    void comesBack() {
        const auto is = readManifest(path(), ManifestCheck::Files);
        QVERIFY2(is, is ? "" : is.error().message.c_str());
        const auto was = made();
        QCOMPARE(is->version, was.version);
        QCOMPARE(is->step, was.step);
        QCOMPARE(is->stepsPerEpoch, was.stepsPerEpoch);
        QCOMPARE(is->evaluations, was.evaluations);
        QCOMPARE(is->openWindow, was.openWindow);
        QCOMPARE(is->rule, was.rule);
        QCOMPARE(is->data, was.data);
        QCOMPARE(is->bestStep, was.bestStep);
        QCOMPARE(is->bestFolder, was.bestFolder);
        QCOMPARE(is->files.size(), std::size_t(1));
        QCOMPARE(is->files[0].bytes, std::int64_t(21));
        // b2sum -l 256
        QCOMPARE(QString::fromStdString(is->files[0].blake2b).size(), 64);
    }

    void aFlippedBitIsSeen() {
        QByteArray bytes = read(state());
        bytes[5] = static_cast<char>(bytes[5] ^ 1);
        QVERIFY(write(state(), bytes));
        isRefused("damaged");
        QVERIFY(readManifest(path(), ManifestCheck::Words)); // which does not look
    }
    void aFileCutShortIsSeen() {
        QVERIFY(write(state(), "the state"));
        isRefused("has 9 bytes where 21 were written");
    }
    void aMissingFileIsSeen() {
        QVERIFY(QFile::remove(state()));
        isRefused("state.safetensors cannot be read");
    }
    void noManifest() {
        QVERIFY(QFile::remove(manifest()));
        isRefused("manifest.json cannot be read");
    }
    void halfAManifest() {
        const QByteArray whole = read(manifest());
        for (const int size : {0, 1, int(whole.size()) / 2, int(whole.size()) - 3}) {
            QVERIFY(write(manifest(), whole.left(size)));
            isRefused("damaged");
        }
    }
    void aNewerOneIsNotRead() {
        QVERIFY(write(manifest(), read(manifest()).replace("\"format\": 1", "\"format\": 2")));
        isRefused("newer Stillroom (format 2, this one reads up to 1)");
    }
    void namesDoNotLeaveTheFolder() {
        QVERIFY(write(manifest(), read(manifest()).replace("state.safetensors", "../../etc/passwd")));
        isRefused("damaged");
        QVERIFY(writeManifest(path(), made()).has_value());
        QVERIFY(write(manifest(), read(manifest()).replace("000900-student", "../elsewhere")));
        isRefused("damaged");
    }
};

QTEST_GUILESS_MAIN(CheckpointManifestTest)
#include "checkpoint_manifest_test.moc"
