#include "core/experiment/run_curves.h"

#include "run_fixture.h"
#include "tests/made_run.h"

#include <QtTest>
#include <cmath>

using namespace stillroom;

class RunCurvesTest : public QObject {
    Q_OBJECT

    static RunCurve curveOf(const std::string& run, CurveValue value, CurveAxis axis,
                            int most = MostBuckets) {
        Progress progress;
        auto curve = readRunCurve(run, value, axis, progress, most);
        if (!curve)
            qFatal("%s", curve.error().message.c_str());
        return *std::move(curve);
    }

  private Q_SLOTS:
    void everyEvaluationIsAPoint() {
        const QTemporaryDir folder;
        const auto run = makeRun(folder);
        EvaluationEvent first = madeEvaluation(16), second = madeEvaluation(32);
        first.epoch = 1;
        first.counts.gradient = 100;
        first.counts.distinct = 90;
        second.epoch = 2;
        second.counts.gradient = 250;
        second.counts.distinct = 120;
        second.metrics.accuracy = 0.875;
        second.metrics.macroF1 = 0.5;
        second.metrics.loss = 0.25;
        EvaluationEvent test = second, noGold = madeEvaluation(40);
        test.split = Split::Test; // of another split
        noGold.metrics.rows = 0;  // of no text with gold
        QVERIFY(run->record({StartedEvent{1000, 4, 16, 64, 3, "cpu", 2, 0.5}, madeSteps(1, 32), first, second,
                             test, noGold}));
        QVERIFY(run->close());
        const std::string path = run->path();
        const auto check = [&](CurveAxis axis, double x1, double x2) {
            const auto curve = curveOf(path, CurveValue::Accuracy, axis);
            QCOMPARE(curve.points, std::int64_t{2});
            QCOMPARE(curve.buckets.size(), std::size_t{2});
            QCOMPARE(curve.buckets[0].x, x1);
            QCOMPARE(curve.buckets[1].x, x2);
            QCOMPARE(curve.buckets[1].mean, 0.875);
            QCOMPARE(curve.buckets[1].low, 0.875);
            QCOMPARE(curve.buckets[1].count, 1);
        };
        check(CurveAxis::Steps, 16, 32);
        check(CurveAxis::Epochs, 1, 2);
        check(CurveAxis::Gradient, 100, 250);
        check(CurveAxis::Distinct, 90, 120);
        check(CurveAxis::Seconds, 4, 8); // a quarter of a second a step, counted at step 32
        QCOMPARE(curveOf(path, CurveValue::MacroF1, CurveAxis::Steps).buckets[1].mean, 0.5);
        QCOMPARE(curveOf(path, CurveValue::Loss, CurveAxis::Steps).buckets[1].mean, 0.25);
    }

    void everyStepIsAPointButThoseThatKeptNothing() {
        const QTemporaryDir folder;
        const auto run = makeRun(folder);
        QVERIFY(run->record(
            {StartedEvent{1000, 4, 10, 64, 3, "cpu", 2, 0.5}, madeSteps(1, 20), madeSteps(21, 40)}));
        QVERIFY(run->close());
        const auto loss = curveOf(run->path(), CurveValue::TrainingLoss, CurveAxis::Steps);
        QCOMPARE(loss.points, std::int64_t{39}); // step 30 kept nothing
        QCOMPARE(loss.buckets.size(), std::size_t{39});
        QCOMPARE(loss.buckets[28].x, 29.0);
        QCOMPARE(loss.buckets[29].x, 31.0);
        QVERIFY(std::abs(loss.buckets[29].mean - 3.1) < 1e-6);
        const auto kept = curveOf(run->path(), CurveValue::KeptShare, CurveAxis::Epochs);
        QCOMPARE(kept.points, std::int64_t{40});
        QCOMPARE(kept.buckets[6].mean, 7.0 / 64);
        QCOMPARE(kept.buckets[6].x, 0.7);
        // madeSteps counts three gradient samples a step, told at steps 20 and 40.
        const auto gradient = curveOf(run->path(), CurveValue::KeptShare, CurveAxis::Gradient);
        QCOMPARE(gradient.buckets[4].x, 15.0);
        QCOMPARE(gradient.buckets[29].x, 90.0);
    }

    void bucketsHoldTheLowestTheHighestAndTheMean() {
        const QTemporaryDir folder;
        const auto run = makeRun(folder);
        StepsEvent steps;
        for (std::int64_t number = 1; number <= 1000; ++number) {
            StepRecord step = madeStep(number);
            step.kept = 1;
            step.loss = number == 250 ? 9.0F : number == 260 ? -9.0F : number == 750 ? 7.0F : 1.0F;
            steps.steps.push_back(step);
        }
        steps.counts = {1000, 64'000, 1000, 500, 1, 1};
        steps.secondsTrained = 10;
        QVERIFY(run->record({StartedEvent{1000, 4, 250, 64, 3, "cpu", 2, 0.5}, steps}));
        QVERIFY(run->close());
        const auto curve = curveOf(run->path(), CurveValue::TrainingLoss, CurveAxis::Steps, 10);
        QCOMPARE(curve.buckets.size(), std::size_t{10});
        QCOMPARE(curve.points, std::int64_t{1000});
        QCOMPARE(curve.buckets[2].count, 100);
        QCOMPARE(curve.buckets[2].x, 250.5); // the mean of 201 to 300
        QCOMPARE(curve.buckets[2].low, -9.0);
        QCOMPARE(curve.buckets[2].high, 9.0);
        QVERIFY(!curve.buckets[2].lowFirst);
        QCOMPARE(curve.buckets[2].mean, 0.98);
        QCOMPARE(curve.buckets[7].high, 7.0);
        QVERIFY(curve.buckets[7].lowFirst);
        QCOMPARE(curve.buckets[7].mean, 1.06);
        const auto seconds = curveOf(run->path(), CurveValue::TrainingLoss, CurveAxis::Seconds, 10);
        QVERIFY(std::abs(seconds.buckets[2].x - 2.505) < 1e-9);
        for (const int most : {1, 7, 333, 999, 5000}) {
            const auto any = curveOf(run->path(), CurveValue::TrainingLoss, CurveAxis::Epochs, most);
            QVERIFY(static_cast<int>(any.buckets.size()) <= most);
            QCOMPARE(any.points, std::int64_t{1000});
        }
    }

    void aRunThatGoesOnOrNeverBegan() {
        const QTemporaryDir folder;
        const auto run = makeRun(folder);
        QVERIFY(curveOf(run->path(), CurveValue::TrainingLoss, CurveAxis::Epochs).buckets.empty());
        QVERIFY(curveOf(run->path(), CurveValue::Accuracy, CurveAxis::Seconds).buckets.empty());
        QVERIFY(run->record({StartedEvent{1000, 4, 10, 64, 3, "cpu", 2, 0.5}, madeSteps(1, 20)}));
        // Not closed: it is being written.
        QCOMPARE(curveOf(run->path(), CurveValue::KeptShare, CurveAxis::Steps).points, std::int64_t{20});
    }

    void whatCannotBeRead() {
        Progress progress;
        QVERIFY(!readRunCurve("/nowhere", CurveValue::Loss, CurveAxis::Steps, progress));
        const QTemporaryDir folder;
        test::MadeRun made;
        made.steps = 20'000;
        const std::string run = test::writeMadeRun(folder.filePath("runs").toStdString(), made);
        progress.cancel();
        const auto cancelled = readRunCurve(run, CurveValue::TrainingLoss, CurveAxis::Steps, progress);
        QVERIFY(!cancelled && cancelled.error().kind == ErrorKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(RunCurvesTest)
#include "run_curves_test.moc"
