// How far a run is, by its steps or by its budget, and where schedules stand; edits in few words.
#include "widgets/live_model.h"

#include <QTest>

using namespace stillroom;

class RunPlaceTest : public QObject {
    Q_OBJECT
  private:
    static LiveModel begun() {
        LiveModel live;
        StartedEvent start;
        start.samples = 6400;
        start.epochs = 10;
        start.stepsPerEpoch = 100;
        start.batch = 64;
        live.begin("run", {"a", "b"});
        live.apply(start);
        return live;
    }
    static StepsEvent at(std::int64_t step, double done) {
        StepsEvent event;
        StepRecord record;
        record.step = step;
        record.candidates = 64;
        event.steps.push_back(record);
        event.done = done;
        event.secondsTrained = 3;
        return event;
    }

  private Q_SLOTS:
    void withoutABudgetTheStepsCount() {
        LiveModel live = begun();
        QCOMPARE(live.done(), 0.0);
        live.apply(at(250, 0.25));
        QCOMPARE(live.done(), 0.25);
        QCOMPARE(live.place().step, 250.0);
        QCOMPARE(live.place().totalSteps, 1000.0);
        QCOMPARE(live.place().spent, 0.0);
        // After a warm-up the schedule has gone less far than the run.
        Schedule schedule(1, 0, ScheduleShape::Linear);
        schedule.warmup = {100, ScheduleUnit::Steps};
        QCOMPARE(schedule.at(live.place()), 1 - 150.0 / 900);
    }

    void aBudgetThatEndsItSoonerCounts() {
        LiveModel live = begun();
        live.apply(at(250, 0.5));
        QCOMPARE(live.done(), 0.5);
        QCOMPARE(live.place().spent, 0.5);
        QCOMPARE(Schedule(1, 0, ScheduleShape::Linear).at(live.place()), 0.5);
        FinishedEvent end;
        end.step = 500;
        end.outcome = Outcome::Completed;
        live.apply(end);
        QCOMPARE(live.done(), 1.0); // the budget was spent: it is finished
    }

    void aRunThatWasStoppedIsNotDone() {
        LiveModel live = begun();
        live.apply(at(250, 0.25));
        FinishedEvent end;
        end.step = 250;
        end.outcome = Outcome::Stopped;
        live.apply(end);
        QCOMPARE(live.done(), 0.25);
    }

    void changesInFewWords() {
        const auto say = [](const char* key, const char* from, const char* to) {
            return QString::fromStdString(describeChanges({Change{key, from, to}}));
        };
        QCOMPARE(say("training.learning_rate", "{from: 1, to: 0, shape: linear}", "0.5"),
                 QStringLiteral("learning rate 1…0 → 0.5"));
        QCOMPARE(
            say("selection.student_scale", "1", "{from: 1, to: 1.2, shape: step, stairs: 4, over: 3 epochs}"),
            QStringLiteral("student scale 1 → 1…1.2"));
        // What would look alike is said in full.
        QCOMPARE(say("training.learning_rate", "{from: 1, to: 0, shape: linear}",
                     "{from: 1, to: 0, shape: cosine}"),
                 QStringLiteral(
                     "learning rate {from: 1, to: 0, shape: linear} → {from: 1, to: 0, shape: cosine}"));
        QCOMPARE(say("selection.fixed_ratio", "0.2", ""), QStringLiteral("fixed ratio 0.2 → off"));
    }
};

QTEST_GUILESS_MAIN(RunPlaceTest)
#include "run_place_test.moc"
