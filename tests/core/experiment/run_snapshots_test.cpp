// What a run folder keeps of each epoch's decisions, and that folders from before there were any still open.
#include "run_fixture.h"

#include "core/lab/snapshot_file.h"

#include <QFile>
#include <QtTest>

using namespace stillroom;

namespace {

SnapshotEvent madeSnapshot(std::int64_t epoch, bool complete, bool last) {
    auto traces = std::make_shared<std::vector<SampleTrace>>();
    for (int i = 0; i < 1000; ++i)
        traces->push_back(i % 7 == 0 ? SampleTrace()
                                     : SampleTrace(i % 2 == 0 ? Verdict::Kept : Verdict::StudentSure,
                                                   static_cast<float>(i) / 1000, i % 3));
    return {epoch, epoch * 16, complete, last, traces};
}

/// Takes out of a folder what format 1 did not have.
void makeFormatOne(const std::string& run) {
    {
        auto database = QSqlDatabase::addDatabase("QSQLITE", "older");
        database.setDatabaseName(QString::fromStdString(run + "/run.sqlite"));
        QVERIFY(database.open());
        for (const char* sql :
             {"DROP TABLE snapshots", "ALTER TABLE thresholds DROP COLUMN student_confidence_by_class",
              "PRAGMA user_version = 1"})
            QVERIFY2(QSqlQuery(database).exec(sql), sql);
        database.close();
    }
    QSqlDatabase::removeDatabase("older");
    QDir(QString::fromStdString(run + "/snapshots")).removeRecursively();
}

} // namespace

class RunSnapshotsTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void completeEpochsAndTheLastAreKept() {
        const QTemporaryDir folder;
        const auto run = makeRun(folder);
        QVERIFY(run->record({madeSteps(1, 16), madeSnapshot(1, false, false), madeSnapshot(1, true, false)}));
        QVERIFY(run->record({madeSteps(17, 32), madeSnapshot(2, true, false)}));
        QVERIFY(run->record({madeSnapshot(3, false, false), madeSnapshot(3, false, true), madeEnd()}));
        QVERIFY(run->close());

        const auto stored = StoredRun::open(run->path());
        QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
        QCOMPARE(stored->snapshots.size(), std::size_t(3));
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(stored->snapshots[i].epoch, std::int64_t(i + 1));
            QCOMPARE(stored->snapshots[i].step, std::int64_t(16 * (i + 1)));
            QCOMPARE(stored->snapshots[i].complete, i < 2);
        }
        QCOMPARE(snapshotEpochs(run->path()), (std::vector<std::int64_t>{1, 2, 3}));
        const auto snapshot = Snapshot::open(snapshotPath(run->path(), 2), 1000);
        QVERIFY2(snapshot, snapshot ? "" : snapshot.error().message.c_str());
        const auto expected = madeSnapshot(2, true, false);
        QVERIFY(std::equal(expected.traces->begin(), expected.traces->end(), (*snapshot)->traces().begin(),
                           (*snapshot)->traces().end()));
        QCOMPARE((*snapshot)->info().classCount, 3);
        // What the schema tells other programs: 64 bytes, then a word a sample, where the table says.
        QCOMPARE(ask(run->path(), "SELECT file FROM snapshots WHERE epoch = 2").toString(),
                 QString("snapshots/epoch-0002.traces"));
        QFile file(QString::fromStdString(run->path()) + "/snapshots/epoch-0002.traces");
        QCOMPARE(file.size(), 64 + 4 * 1000);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        quint32 word = 0;
        memcpy(&word, bytes.constData() + 64 + 4 * 500, 4);
        QCOMPARE(word & 15U, 1U);          // kept
        QCOMPARE(word >> 4U & 0xFFFU, 2U); // 500 % 3
        QCOMPARE(word >> 16U, 0x3800U);    // 0.5 as binary16
    }

    void aSnapshotThatCannotBeWrittenStopsTheRecording() {
        const QTemporaryDir folder;
        const auto run = makeRun(folder);
        const QString where = QString::fromStdString(run->path() + "/snapshots");
        QVERIFY(QDir(where).removeRecursively());
        QFile file(where); // a file where the folder should be
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto recorded = run->record({madeSnapshot(1, true, false)});
        QVERIFY(!recorded);
        QVERIFY2(recorded.error().message.find("epoch-0001") != std::string::npos,
                 recorded.error().message.c_str());
    }

    void thresholdsOfTheStudentsConfidence() {
        const QTemporaryDir folder;
        const auto run = makeRun(folder);
        auto steps = madeSteps(1, 16);
        steps.windows[0].thresholds = {{}, {}, {0.95, 0.5, 0.25}};
        QVERIFY(run->record({steps}));
        QVERIFY(run->close());
        const auto stored = StoredRun::open(run->path());
        QVERIFY(stored);
        QCOMPARE(stored->windows.at(0).thresholds.studentConfidence, (std::vector<double>{0.95, 0.5, 0.25}));
        QVERIFY(stored->windows[0].thresholds.teacher.empty());
    }

    void formatOneIsStillRead() {
        const QTemporaryDir folder;
        const auto run = makeRun(folder);
        QVERIFY(run->record({madeSteps(1, 16), madeEvaluation(16), madeEnd()}));
        QVERIFY(run->close());
        makeFormatOne(run->path());
        const auto stored = StoredRun::open(run->path());
        QVERIFY2(stored, stored ? "" : stored.error().message.c_str());
        QCOMPARE(stored->steps.size(), std::size_t(16));
        QCOMPARE(stored->windows.at(0).thresholds.teacher, (std::vector<double>{0.1, 0.2, 1.0 / 3}));
        QVERIFY(stored->windows[0].thresholds.studentConfidence.empty());
        QVERIFY(stored->snapshots.empty());
        QVERIFY(stored->finished);
    }
};

QTEST_GUILESS_MAIN(RunSnapshotsTest)
#include "run_snapshots_test.moc"
