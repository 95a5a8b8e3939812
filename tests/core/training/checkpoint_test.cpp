#include "core/training/checkpoint.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace stillroom;

namespace {

/// Saves a word instead of weights, or fails.
class WordNetwork : public Network {
  public:
    std::string word;
    bool diskFull = false;

    [[nodiscard]] int classCount() const override { return 2; }
    void score(std::span<const std::uint32_t>, std::span<float>) override {}
    double update(std::span<const std::uint32_t>, std::span<const std::uint32_t>, const Targets&,
                  double) override {
        return 0;
    }
    [[nodiscard]] double forwardFlops(std::span<const std::uint32_t>) const override { return 0; }
    [[nodiscard]] double backwardFlops(std::span<const std::uint32_t>) const override { return 0; }
    void setLoss(const LossSettings&) override {}
    void keepAsBest() override {}
    void useBest() override {}
    [[nodiscard]] Result<void> save(const std::string& path) const override {
        std::ofstream(path) << word;
        if (diskFull)
            return fail("cannot write " + path + ": the disk is full");
        return {};
    }
};

QStringList contents(const QString& folder) {
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                                  QDir::Name);
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class CheckpointTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void writesAndPoints() {
        const QTemporaryDir folder;
        WordNetwork network;
        network.word = "first";
        QCOMPARE(writeCheckpoint(folder.path().toStdString(), 12, "best", network).value(),
                 std::string("000012"));
        QCOMPARE(bytesOf(folder.filePath("best/student.safetensors")), QByteArray("first"));
        network.word = "second";
        QVERIFY(writeCheckpoint(folder.path().toStdString(), 1234567, "best", network).has_value());
        QCOMPARE(bytesOf(folder.filePath("best/student.safetensors")), QByteArray("second"));
        QCOMPARE(contents(folder.path()), (QStringList{"000012", "1234567", "best"}));
    }

    void twoLinksShareAFolder() {
        const QTemporaryDir folder;
        WordNetwork network;
        network.word = "one";
        QVERIFY(writeCheckpoint(folder.path().toStdString(), 5, "last", network).has_value());
        QVERIFY(writeCheckpoint(folder.path().toStdString(), 5, "best", network).has_value());
        QCOMPARE(contents(folder.path()), (QStringList{"000005", "best", "last"}));
    }

    void failureLeavesWhatWasThere() {
        const QTemporaryDir folder;
        WordNetwork network;
        network.word = "good";
        QVERIFY(writeCheckpoint(folder.path().toStdString(), 1, "best", network).has_value());
        network.diskFull = true;
        network.word = "half";
        const auto failed = writeCheckpoint(folder.path().toStdString(), 2, "best", network);
        QVERIFY(!failed);
        QVERIFY(failed.error().message.find("disk is full") != std::string::npos);
        QVERIFY(failed.error().message.find("000002/student.safetensors") != std::string::npos);
        QVERIFY(failed.error().message.find("stillroom-tmp") == std::string::npos);
        QVERIFY(failed.error().kind == ErrorKind::Training);
        QCOMPARE(contents(folder.path()), (QStringList{"000001", "best"}));
        QCOMPARE(bytesOf(folder.filePath("best/student.safetensors")), QByteArray("good"));
    }
};

QTEST_GUILESS_MAIN(CheckpointTest)
#include "checkpoint_test.moc"
