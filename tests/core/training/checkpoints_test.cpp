// When a checkpoint is due, how often one may be that is dear, and which stay.
#include "core/engine/checkpoint_folder.h"
#include "core/training/checkpoints.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace stillroom;

namespace {

CheckpointManifest manifestOf(std::int64_t step) {
    CheckpointManifest manifest;
    manifest.version = "1";
    manifest.step = step;
    manifest.stepsPerEpoch = 10;
    return manifest;
}

} // namespace

class CheckpointsTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    std::string path() const { return folder_.path().toStdString(); }

  private Q_SLOTS:
    void init() {
        for (const auto& name : QDir(folder_.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot))
            QFileInfo(folder_.filePath(name)).isSymLink() ? QFile::remove(folder_.filePath(name))
                                                          : QDir(folder_.filePath(name)).removeRecursively();
    }

    void asOftenAsTheSettingsSay() {
        CheckpointSettings settings;
        settings.everySteps = 5;
        settings.everyMinutes = 2;
        Checkpoints checkpoints(path(), settings, 100, 30);
        QVERIFY(!checkpoints.due(100, 30));
        QVERIFY(!checkpoints.due(104, 30.5));
        QVERIFY(checkpoints.due(105, 30.5));
        QVERIFY(!checkpoints.due(101, 149.9));
        QVERIFY(checkpoints.due(101, 150));
        QVERIFY(checkpoints.write({}, manifestOf(105), 31, 0).has_value());
        QVERIFY(!checkpoints.due(105, 500));
        QVERIFY(!checkpoints.due(106, 31.1));
        QVERIFY(checkpoints.due(110, 31.1));
    }

    void elseAsOftenAsItMayCost() {
        Checkpoints checkpoints(path(), {}, 0, 0);
        QVERIFY(!checkpoints.due(1, 9.9));
        QVERIFY(checkpoints.due(1, 10));
        QVERIFY(checkpoints.write({}, manifestOf(1), 10, 0.0).has_value());
        QVERIFY(!checkpoints.due(2, 19.9));
        QVERIFY(checkpoints.due(2, 22)); // a small file is written in far less than 50 ms
        // One that took three seconds comes again after sixty times that.
        QVERIFY(checkpoints.write({}, manifestOf(2), 20, 3.0).has_value());
        QVERIFY(!checkpoints.due(3, 199.9));
        QVERIFY(checkpoints.due(3, 206));
    }

    void nowhereIsNever() {
        Checkpoints checkpoints({}, {}, 0, 0);
        QVERIFY(!checkpoints.due(1000, 1e6));
        QVERIFY(checkpoints.upToDate(1000));
    }

    void theNewestStay() {
        CheckpointSettings settings;
        settings.keep = 2;
        Checkpoints checkpoints(path(), settings, 0, 0);
        for (std::int64_t step = 1; step <= 5; ++step) {
            QVERIFY(checkpoints.write({}, manifestOf(step), 1, 0).has_value());
            // One more than are kept, until the next is written: what answers for it may not be recorded yet.
            QCOMPARE(checkpointSteps(path()).size(),
                     static_cast<std::size_t>(std::min<std::int64_t>(step, 3)));
        }
        QCOMPARE(QFileInfo(folder_.filePath("last")).symLinkTarget().section('/', -1), QString("000005"));
        checkpoints.end({});
        QCOMPARE(checkpointSteps(path()), (std::vector<std::int64_t>{5, 4}));
    }

    void noneStaysWhereNoneIsWanted() {
        CheckpointSettings settings;
        settings.keep = 0;
        Checkpoints checkpoints(path(), settings, 0, 0);
        QVERIFY(checkpoints.write({}, manifestOf(1), 1, 0).has_value());
        QVERIFY(checkpoints.write({}, manifestOf(2), 1, 0).has_value());
        checkpoints.end({});
        QVERIFY(QDir(folder_.path())
                    .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot)
                    .isEmpty());
    }

    void oneThatCannotBeWritten() {
        QFile file(folder_.filePath("file"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        Checkpoints checkpoints(folder_.filePath("file").toStdString(), {}, 0, 0);
        const auto written = checkpoints.write({}, manifestOf(1), 10, 0);
        QVERIFY(!written);
        QVERIFY(written.error().message.find("000001") != std::string::npos);
        file.close();
        QVERIFY(file.remove());
    }
};

QTEST_GUILESS_MAIN(CheckpointsTest)
#include "checkpoints_test.moc"
