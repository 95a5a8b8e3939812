// A run's records taken back to a checkpoint: what came after it goes, what came before stays, and what is
// recorded next is as if nothing had been there.
#include "core/experiment/rewind.h"
#include "core/experiment/run_lock.h"
#include "run_fixture.h"

#include <QtTest>

using namespace stillroom;

namespace {

SnapshotEvent snapshotOf(std::int64_t epoch, std::int64_t step, bool complete) {
    return {epoch, step, complete, !complete, std::make_shared<const std::vector<SampleTrace>>(5)};
}

EditedEvent editBefore(std::int64_t step) {
    return {step, {{"selection.decay", "0.99", "0.9"}}};
}

} // namespace

class RewindTest : public QObject {
    Q_OBJECT

    /// Two epochs of 50 steps, with an edit in each, stopped after step 120.
    static std::string recorded(const QTemporaryDir& folder) {
        const auto run = makeRun(folder);
        const std::vector<Event> events = {StartedEvent{3200, 3, 50, 64, 3, "cpu", 2, 0.5},
                                           madeSteps(1, 30),
                                           editBefore(31),
                                           madeSteps(31, 50),
                                           snapshotOf(1, 50, true),
                                           madeEvaluation(50),
                                           madeSteps(51, 60),
                                           CheckpointEvent{60, "checkpoints/000060", false},
                                           madeSteps(61, 100),
                                           editBefore(101),
                                           snapshotOf(2, 100, true),
                                           madeEvaluation(100),
                                           madeSteps(101, 120),
                                           snapshotOf(3, 120, false),
                                           madeEvaluation(120),
                                           madeEnd(Outcome::Stopped)};
        for (const auto& event : events)
            if (auto done = run->record({event}); !done)
                qFatal("%s", done.error().message.c_str());
        if (!run->close())
            qFatal("not closed");
        return run->path();
    }

    static QString counts(const std::string& run) {
        QStringList all;
        for (const char* table : {"steps", "windows", "thresholds", "progress", "snapshots", "evaluations",
                                  "evaluation_classes", "edits", "checkpoints", "result", "resumes"})
            all << QStringLiteral("%1 %2").arg(table).arg(
                ask(run, QStringLiteral("SELECT COUNT(*) FROM ") + table).toInt());
        return all.join(", ");
    }

  private Q_SLOTS:
    void toACheckpointWithinAnEpoch() {
        const QTemporaryDir folder;
        const std::string run = recorded(folder);
        // The window that was open at step 60 began with 51, and was closed too early.
        QVERIFY(rewindRun(run, {60, 1, 51, {}, {1}}).has_value());
        QCOMPARE(counts(run),
                 QString("steps 60, windows 2, thresholds 2, progress 3, snapshots 1, evaluations 1, "
                         "evaluation_classes 3, edits 1, checkpoints 1, result 0, resumes 1"));
        QCOMPARE(ask(run, "SELECT MAX(last_step) FROM windows").toInt(), 50);
        QCOMPARE(ask(run, "SELECT step FROM resumes").toInt(), 60);
    }

    void toTheBeginning() {
        const QTemporaryDir folder;
        const std::string run = recorded(folder);
        QVERIFY(rewindRun(run, {}).has_value());
        QCOMPARE(counts(run),
                 QString("steps 0, windows 0, thresholds 0, progress 0, snapshots 0, evaluations 0, "
                         "evaluation_classes 0, edits 0, checkpoints 0, result 0, resumes 1"));
    }

    void numbersGoOn() {
        const QTemporaryDir folder;
        const std::string path = recorded(folder);
        auto run = RunFolder::reopen(path, madeExperiment(), madeOrigin(), {60, 1, 0, {}, {1}});
        QVERIFY2(run, run ? "" : run.error().message.c_str());
        QVERIFY(isRunning(path));
        QVERIFY((*run)->record({madeSteps(61, 100), editBefore(101), madeEvaluation(100)}).has_value());
        QVERIFY((*run)->close().has_value());
        QVERIFY(!isRunning(path));
        QCOMPARE(ask(path, "SELECT MAX(evaluation) FROM evaluations").toInt(), 2);
        QCOMPARE(ask(path, "SELECT MAX(edit) FROM edits").toInt(), 2);
        const auto stored = StoredRun::open(path);
        QVERIFY(stored && !stored->finished);
        QCOMPARE(stored->steps.size(), std::size_t(100));
        QVERIFY(stored->resumes == std::vector<std::int64_t>{60});
    }

    void oneThatIsBeingWrittenIsNot() {
        const QTemporaryDir folder;
        const std::string path = recorded(folder);
        const auto lock = RunLock::take(path);
        const auto run = RunFolder::reopen(path, madeExperiment(), madeOrigin(), {60, 1, 0, {}, {1}});
        QVERIFY(!run);
        QCOMPARE(ask(path, "SELECT COUNT(*) FROM steps").toInt(), 120);
    }
};

QTEST_GUILESS_MAIN(RewindTest)
#include "rewind_test.moc"
