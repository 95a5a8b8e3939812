#include "core/experiment/replay.h"

#include "made_events.h"

#include <QtTest>

using namespace stillroom;

namespace {

StoredRun madeRun() {
    StoredRun run;
    run.path = "runs/made";
    run.experiment = madeExperiment();
    run.started.samples = 1000;
    run.finished = true;
    run.end = madeEnd();
    return run;
}

} // namespace

class ReplayTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void editsAddUp() {
        StoredRun run = madeRun();
        run.edits = {{17, {{"selection.student_scale", "1", "0.5"}}},
                     {40,
                      {{"training.learning_rate", "{from: 1, to: 0, shape: linear}", "0.25"},
                       {"loss.target", "hard", "soft"}}}};
        const auto replay = replayOf(run);
        QVERIFY(replay);
        QCOMPARE(replay->edits.size(), std::size_t(2));
        QCOMPARE(replay->edits[0].step, 17);
        QCOMPARE(replay->edits[0].edit.selection.studentScale.from, 0.5);
        QVERIFY(replay->edits[0].edit.loss.target == LossTarget::Hard);
        QVERIFY(replay->edits[0].edit.learningRate ==
                learningRateOf(run.experiment.training, run.experiment.student.kind));
        QCOMPARE(replay->edits[1].edit.selection.studentScale.from, 0.5); // what came before stays
        QVERIFY(replay->edits[1].edit.loss.target == LossTarget::Soft);
        QVERIFY(replay->edits[1].edit.learningRate == Schedule(0.25));
        QCOMPARE(replay->edits[1].edit.changes.size(), std::size_t(2));
        QVERIFY(replay->experiment == run.experiment); // the beginning is without edits
        QCOMPARE(replay->endAfter, 0);
        QVERIFY(!replay->unfinished);
    }

    void whereItEnds() {
        StoredRun run = madeRun();
        run.end.outcome = Outcome::Stopped;
        QCOMPARE(replayOf(run)->endAfter, run.end.step);
        run.end.outcome = Outcome::Completed;
        run.experiment.training.stop.gradientSamples =
            10; // a budget of samples ends it where it did by itself
        QCOMPARE(replayOf(run)->endAfter, 0);
        run.experiment.training.stop.minutes = 1;
        QCOMPARE(replayOf(run)->endAfter, run.end.step);
        run.end.outcome = Outcome::Failed;
        QVERIFY(replayOf(run)->unfinished && replayOf(run)->endAfter == 0);
        run.finished = false;
        QVERIFY(replayOf(run)->unfinished);
    }

    void whatCannotBeRepeated() {
        StoredRun run = madeRun();
        run.started.samples = 0;
        QCOMPARE(replayOf(run).error().message,
                 std::string("runs/made: training had not begun, so there is nothing to repeat"));
        run = madeRun();
        run.end.outcome = Outcome::Stopped;
        run.end.step = 0;
        QVERIFY(!replayOf(run));
        run = madeRun();
        run.edits = {{5, {{"selection.student_scal", "1", "2"}}}};
        QVERIFY2(replayOf(run).error().message.find("runs/made: the edit before step 5 cannot be made again: "
                                                    "unknown setting 'selection.student_scal'") == 0,
                 replayOf(run).error().message.c_str());
        run.edits = {{5, {{"loss.temperature", "1", "0"}}}};
        QVERIFY(replayOf(run).error().message.find("loss.temperature") != std::string::npos);
    }

    void differencesAreFound() {
        const FinishedEvent end = madeEnd();
        QCOMPARE(firstDifference(end, end), std::string());
        FinishedEvent other = end;
        other.step = 98;
        QCOMPARE(firstDifference(end, other), std::string("the last step was 99 and is 98"));
        other = end;
        other.counts.gradient += 1;
        QCOMPARE(firstDifference(end, other),
                 std::string("the number of gradient samples was 700 and is 701"));
        other = end;
        other.test.loss = 1.2500000000000002;
        QVERIFY(firstDifference(end, other).find("test loss was 1.25 and is 1.25") == 0);
        other = end;
        std::swap(other.validation.confusion[0], other.validation.confusion[1]);
        QCOMPARE(firstDifference(end, other), std::string("the validation confusion matrix is another"));
    }
};

QTEST_GUILESS_MAIN(ReplayTest)
#include "replay_test.moc"
