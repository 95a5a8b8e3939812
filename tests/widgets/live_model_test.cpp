#include "widgets/live_model.h"

#include "tests/widgets/synthetic_run.h"

#include <QElapsedTimer>
#include <QTest>
#include <cmath>
#include <numeric>

using namespace stillroom;
using stillroom::test::SyntheticRun;

namespace {

std::vector<std::string> names(int count) {
    std::vector<std::string> result;
    for (int k = 0; k < count; ++k)
        result.push_back("class " + std::to_string(k));
    return result;
}

StepsEvent handMade() {
    // Two steps of four candidates in one window; worked out by hand below.
    StepsEvent event;
    event.steps = {{1, 4, 3, 2, 1, 0.5F, 1.0F}, {2, 4, 1, 1, 1, 0.4F, 0.9F}};
    WindowRecord window;
    window.firstStep = 1;
    window.lastStep = 2;
    window.candidatesByClass = {6, 2};
    window.keptByClass = {3, 1};
    window.confidenceAll[90] = 8;
    window.confidenceKept[90] = 4;
    window.thresholds = {{0.8, 0.7}, {0.2, 0.1}};
    event.windows = {window};
    event.counts.total = 8;
    event.counts.gradient = 4;
    event.counts.distinct = 4;
    event.memoryBytes = 123'456'789;
    return event;
}

} // namespace

class LiveModelTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void sumsOfAHandWorkedRun() {
        LiveModel model;
        model.begin("llkd", names(2));
        StartedEvent started;
        started.samples = 8;
        started.epochs = 3;
        started.stepsPerEpoch = 2;
        started.batch = 4;
        model.apply(started);
        model.apply(handMade());
        QCOMPARE(model.step(), 2);
        QCOMPARE(model.totalSteps(), 6);
        QCOMPARE(model.epoch(), 1.0);
        QCOMPARE(model.memoryBytes(), 123'456'789);
        QCOMPARE(model.keptSoFar(), 4);
        QCOMPARE(model.candidatesSoFar(), 8);
        QCOMPARE(model.share().buckets()[0].latest, 0.75);
        QCOMPARE(model.share().buckets()[1].latest, 0.5);
        QCOMPARE(model.keptPrecision(), 2.0 / 3.0);
        QCOMPARE(model.keptByClass(), (std::vector<std::int64_t>{3, 1}));
        QCOMPARE(model.confidenceAll()[90], 8);
        QCOMPARE(model.recent().kept, 4);
        QCOMPARE(model.recent().keptRight, 2);
        QCOMPARE(model.recent().candidatesByClass, (std::vector<std::int64_t>{6, 2}));
        QCOMPARE(model.thresholds().student, (std::vector<double>{0.2, 0.1}));
    }

    void nothingIsKnownBeforeARun() {
        const LiveModel model;
        QVERIFY(model.empty());
        QVERIFY(std::isnan(model.keptPrecision()));
        QVERIFY(model.best() == nullptr);
        QVERIFY(model.finished() == nullptr);
    }

    void mergedStepsAreStillPerStep() {
        LiveModel model;
        model.begin("all", names(2));
        StepsEvent event;
        event.steps = {{1, 4, 3, 0, 0, 0, 0}, {5, 16, 8, 0, 0, 0, 0}}; // the second stands for four
        model.apply(event);
        QCOMPARE(model.kept().buckets()[1].mean(), 2.0);
        QCOMPARE(model.keptSoFar(), 11);
        QCOMPARE(model.candidatesSoFar(), 20);
    }

    void theLastHundredStepsAreTheLastHundred() {
        LiveModel model;
        model.begin("llkd", names(5));
        SyntheticRun run(5, 64'000, 10);
        model.apply(run.started());
        std::int64_t kept = 0;
        for (int i = 0; i < 30; ++i) {
            const auto event = run.steps(50);
            if (i >= 28)
                for (const auto& step : event.steps)
                    kept += step.kept;
            model.apply(event);
        }
        QCOMPARE(model.recent().firstStep, 1401);
        QCOMPARE(model.recent().lastStep, 1500);
        QCOMPARE(model.recent().kept, kept);
        const auto& bins = model.recent().all;
        const auto candidates = std::accumulate(bins.begin(), bins.end(), std::int64_t{0});
        QVERIFY(candidates >= 100 * 64); // whole windows: a few steps more
        QVERIFY(candidates <= 110 * 64);
    }

    void memoryIsBoundedAndNothingIsLostOverALongRun() {
        LiveModel model;
        model.begin("llkd", names(26));
        SyntheticRun run(26, 6'400, 3'000); // 300,000 steps, 100 windows an epoch
        model.apply(run.started());
        std::int64_t kept = 0;
        QElapsedTimer timer;
        qint64 spent = 0, drains = 0;
        while (run.step() < run.totalSteps()) {
            const auto event = run.steps(333); // what a drain sees at 10,000 steps a second
            for (const auto& step : event.steps)
                kept += step.kept;
            timer.start();
            model.apply(event);
            spent += timer.nsecsElapsed();
            ++drains;
        }
        QVERIFY(model.kept().buckets().size() <= 512);
        QVERIFY(model.stretches().size() <= LiveModel::MaxStretches);
        QVERIFY(model.stretches().size() >= LiveModel::MaxStretches / 2);
        std::int64_t stretched = 0, next = 1;
        for (const auto& stretch : model.stretches()) {
            QCOMPARE(stretch.firstStep, next);
            next = stretch.lastStep + 1;
            stretched += stretch.kept;
        }
        QCOMPARE(next, run.totalSteps() + 1);
        QCOMPARE(stretched, kept);
        QCOMPARE(model.keptSoFar(), kept);
        const double mean = static_cast<double>(spent) / static_cast<double>(drains) / 1e6;
        qInfo("a drain of 333 steps costs the model %.3f ms", mean);
#if !defined(__SANITIZE_ADDRESS__) &&                                                                        \
    !defined(__SANITIZE_THREAD__) // which make everything several times slower
        QVERIFY2(mean < 5, "applying a drain must not be felt");
#endif
    }

    void evaluationsOnValidationBecomePoints() {
        LiveModel model;
        model.begin("llkd", names(3));
        EvaluationEvent test;
        test.split = Split::Test;
        test.metrics.rows = 5;
        model.apply(test);
        QVERIFY(model.evaluations().empty());
        EvaluationEvent first;
        first.step = 10;
        first.epoch = 1;
        first.metrics.rows = 5;
        first.metrics.accuracy = 0.6;
        first.counts.gradient = 123;
        first.best = true;
        model.apply(first);
        EvaluationEvent second = first;
        second.metrics.accuracy = 0.5;
        second.best = false;
        model.apply(second);
        QCOMPARE(model.evaluations().size(), 2U);
        QCOMPARE(model.best()->accuracy, 0.6);
        QCOMPARE(model.evaluations()[0].gradient, 123.0);
        // A split without gold says nothing.
        EvaluationEvent none;
        model.apply(none);
        QCOMPARE(model.evaluations().size(), 2U);
    }

    void earlierRunsGoBehindAndTheOldestLeave() {
        LiveModel model;
        for (int run = 1; run <= 7; ++run) {
            model.begin("run " + std::to_string(run), names(2));
            QVERIFY(model.evaluations().empty());
            if (run == 3)
                continue; // was stopped before it was evaluated: nothing to show
            EvaluationEvent event;
            event.metrics.rows = 1;
            model.apply(event);
        }
        QCOMPARE(model.earlier().size(), LiveModel::MaxEarlier);
        QCOMPARE(model.earlier().front().label, std::string("run 2"));
        QCOMPARE(model.earlier().back().label, std::string("run 6"));
    }

    void editsAreMarkedWhereTheyHappened() {
        LiveModel model;
        model.begin("llkd", names(2));
        StartedEvent started;
        started.stepsPerEpoch = 4;
        model.apply(started);
        model.apply(handMade());
        EditedEvent edit;
        edit.step = 3;
        edit.changes = {{"selection.student_scale", "1", "1.1"}, {"selection.cut", "", "0.9"}};
        model.apply(edit);
        QCOMPARE(model.edits().size(), 1U);
        QCOMPARE(model.edits()[0].text, std::string("student scale 1 → 1.1, cut 0.9"));
        QCOMPARE(model.edits()[0].gradient, 4.0);
        QCOMPARE(model.edits()[0].epoch, 0.75);
    }

    void revisionsTellWhatChanged() {
        LiveModel model;
        model.begin("llkd", names(2));
        const auto steps = model.stepsRevision(), windows = model.windowsRevision(),
                   evaluations = model.evaluationsRevision();
        StepsEvent event = handMade();
        event.windows.clear();
        model.apply(event);
        QVERIFY(model.stepsRevision() > steps);
        QCOMPARE(model.windowsRevision(), windows);
        QCOMPARE(model.evaluationsRevision(), evaluations);
    }
};

QTEST_APPLESS_MAIN(LiveModelTest)
#include "live_model_test.moc"
