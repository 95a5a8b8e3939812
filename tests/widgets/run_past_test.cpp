#include "widgets/run_past.h"

#include "tests/core/experiment/made_events.h"
#include "widgets/live_model.h"

#include <QTest>

using namespace stillroom;

class RunPastTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    /// A live model that is given the past is as one that was there.
    void theModelIsAsIfItHadBeenThere() {
        StoredRun run;
        run.started.epochs = 4;
        run.started.stepsPerEpoch = 50;
        run.started.classCount = 3;
        auto test = madeEvaluation(60);
        test.split = Split::Test;
        auto second = madeEvaluation(60);
        second.counts.gradient = 777;
        const EditedEvent edit{31, {{"selection.decay", "0.9", "0.99"}}};
        const EditedEvent later{101, {{"selection.decay", "0.99", "0.9"}}};
        LiveModel there;
        there.begin("x", {"a", "b", "c"});
        there.apply(run.started);
        for (const auto& [first, last] :
             {std::pair<std::int64_t, std::int64_t>{1, 30}, {31, 60}, {61, 100}}) {
            auto steps = madeSteps(first, last);
            for (const auto& record : steps.steps)
                run.steps.push_back(record);
            run.windows.push_back(steps.windows[0]);
            there.apply(steps);
            if (last == 30) {
                there.apply(edit);
                continue;
            }
            run.evaluations.push_back(last == 60 ? second : madeEvaluation(100));
            there.apply(run.evaluations.back());
        }
        run.evaluations.push_back(test);
        run.edits = {edit, later};
        for (const auto& record : madeSteps(101, 130).steps) // not of the past that is asked for
            run.steps.push_back(record);
        run.evaluations.push_back(madeEvaluation(120));

        LiveModel told;
        told.begin("x", {"a", "b", "c"});
        for (const auto& event : pastEvents(run, 100))
            told.apply(event);
        QCOMPARE(told.step(), 100);
        QCOMPARE(told.epoch(), there.epoch());
        QCOMPARE(told.keptSoFar(), there.keptSoFar());
        QCOMPARE(told.candidatesSoFar(), there.candidatesSoFar());
        QCOMPARE(told.keptByClass(), there.keptByClass());
        QCOMPARE(told.confidenceAll(), there.confidenceAll());
        QCOMPARE(told.stretches().size(), there.stretches().size());
        QCOMPARE(told.thresholds().teacher, there.thresholds().teacher);
        QCOMPARE(told.evaluations().size(), there.evaluations().size());
        QCOMPARE(told.evaluations()[0].gradient, 777.0);
        QCOMPARE(told.edits().size(), std::size_t{1});
        QCOMPARE(told.edits()[0].step, 31);
        QVERIFY(told.finished() == nullptr);
    }

    void beforeTheFirstStepThereIsNone() {
        const auto events = pastEvents(StoredRun(), 0);
        QCOMPARE(events.size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(RunPastTest)
#include "run_past_test.moc"
