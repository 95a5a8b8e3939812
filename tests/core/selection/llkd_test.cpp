#include "core/selection/llkd.h"
#include "tests/core/selection/llkd_batches.h"

#include <QtTest>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <new>

namespace {
std::atomic<long> allocations{0};
}

// Counted, so that the steady state can be shown to allocate nothing. Not inlined: g++ 14 would see malloc
// and free apart from each other and warn of a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size))
        return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

using namespace stillroom;

class LlkdTest : public QObject {
    Q_OBJECT

    // Four samples, three classes, exact as floats. Class 0: (0.875 + 0.625)/2 = 0.75, class 1: (0.5 +
    // 0.25)/2 = 0.375, class 2 has none; all: 0.5625.
    const People people_ = {{0, 0, 1, 1}, {0.875F, 0.625F, 0.5F, 0.25F}};

  private Q_SLOTS:
    void byHand() {
        SelectionSettings settings;
        settings.decay = 0.5;
        Llkd rule(settings, people_.population(3));
        QVERIFY(rule.needsScores());
        QVERIFY(near(rule.confidence().global(), 0.5625));
        QVERIFY(near(rule.confidence().byClass()[0], 0.75));
        QVERIFY(near(rule.confidence().byClass()[1], 0.375));
        QVERIFY(near(rule.confidence().byClass()[2], 0.5625));
        QVERIFY(!rule.uncertainty().started());

        Decision decision;
        // c: mean 0.625, class 0: 0.75, class 1: 0.5.  u: mean 0.5, class 0: 0.375, class 1: 0.75.
        rule.observe(given({0, 0, 1}, {0.875F, 0.625F, 0.375F}, {0.25F, 0.5F, 0.75F}).batch(), decision);
        // c global 0.5·0.5625 + 0.5·0.625 = 0.59375; class 0 stays 0.75; class 1 stays 0.375; class 2 0.5625.
        QVERIFY(near(rule.confidence().global(), 0.59375));
        QVERIFY(near(rule.confidence().byClass()[0], 0.75));
        QVERIFY(near(rule.confidence().byClass()[1], 0.375));
        QVERIFY(near(rule.confidence().byClass()[2], 0.5625));
        // τᶜ = 0.59375 · (1, 0.5, 0.75).  τᵘ = 0.5 · (0.375, 0.75, 0.5)/0.75 = 0.25, 0.5, 0.3333.
        const auto thresholds = rule.thresholds();
        QVERIFY(near(thresholds.teacher[0], 0.59375));
        QVERIFY(near(thresholds.teacher[1], 0.296875));
        QVERIFY(near(thresholds.teacher[2], 0.4453125));
        QVERIFY(near(thresholds.student[0], 0.25));
        QVERIFY(near(thresholds.student[1], 0.5));
        QVERIFY(near(thresholds.student[2], 1.0 / 3));
        // Sample 0: 0.875 ≥ 0.59, u 0.25 ≥ 0.25 (a tie is in); sample 1: 0.625 ≥ 0.59, 0.5 ≥ 0.25; sample 2:
        // both.
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 1, 1}));

        // Second batch: c mean 0.5, class 0 0.5; u mean 0.125.
        rule.observe(given({0, 0}, {0.75F, 0.25F}, {0.125F, 0.125F}).batch(), decision);
        // c global 0.546875, class 0 0.625: τᶜ(0) = 0.546875.  u global 0.3125, class 0 0.25, largest 0.75:
        // τᵘ(0) = 0.3125 · 0.25 / 0.75 = 0.104167.
        QVERIFY(near(rule.thresholds().teacher[0], 0.546875));
        QVERIFY(near(rule.thresholds().student[0], 0.3125 / 3));
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 0})); // 0.25 < 0.5469
        QCOMPARE(decision.kept, 1);
        QCOMPARE(decision.weights, (std::vector<float>{1, 0}));
    }

    void coldStartIsOneOverK() {
        SelectionSettings settings;
        settings.warmStart = false;
        const Llkd rule(settings, people_.population(4));
        QCOMPARE(rule.confidence().global(), 0.25);
        QCOMPARE(rule.confidence().byClass(), (std::vector<double>{0.25, 0.25, 0.25, 0.25}));
    }

    void anAbsentClassIsUnchanged() {
        Llkd rule(SelectionSettings{}, people_.population(3));
        Decision decision;
        rule.observe(given({0, 1}, {0.5F, 0.5F}, {0.5F, 0.25F}).batch(), decision);
        const double confidence = rule.confidence().byClass()[1];
        const double uncertainty = rule.uncertainty().byClass()[1];
        rule.observe(given({0, 0}, {1.0F, 1.0F}, {1.0F, 1.0F}).batch(), decision);
        QCOMPARE(rule.confidence().byClass()[1], confidence);
        QCOMPARE(rule.uncertainty().byClass()[1], uncertainty);
        QVERIFY(rule.confidence().byClass()[0] > 0.74);
    }

    void allEqualSignalsAreAllKept() {
        // 0.9 has no exact float, and a thousand averages of it wander: the tolerance is for this.
        const People people{{0, 1, 2, 0}, {0.9F, 0.9F, 0.9F, 0.9F}};
        Llkd rule(SelectionSettings{}, people.population(3));
        Decision decision;
        const Given g = given({0, 1, 2, 0}, {0.9F, 0.9F, 0.9F, 0.9F}, {0.3F, 0.3F, 0.3F, 0.3F});
        for (int step = 0; step < 1000; ++step) {
            rule.observe(g.batch(), decision);
            QCOMPARE(decision.kept, 4);
        }
    }

    void anEmptyBatchChangesNothing() {
        Llkd rule(SelectionSettings{}, people_.population(3));
        Decision decision;
        rule.observe(given({0, 1}, {0.5F, 0.5F}, {0.5F, 0.25F}).batch(), decision);
        const auto before = rule.state();
        rule.observe(Batch{}, decision);
        QVERIFY(rule.state() == before);
        QCOMPARE(decision.kept, 0);
        QVERIFY(decision.keep.empty() && decision.weights.empty());
    }

    void nobodyToWarmUpWith() {
        Llkd rule(SelectionSettings{}, People{}.population(3));
        QVERIFY(!rule.confidence().started());
        QVERIFY(rule.thresholds().teacher.empty());
        Decision decision;
        rule.observe(given({0}, {0.5F}, {0.5F}).batch(), decision);
        QCOMPARE(rule.confidence().global(), 0.5);
        QCOMPARE(decision.kept, 1);
    }

    void scaleZeroTurnsAThresholdOff() {
        SelectionSettings settings;
        settings.studentScale = 0;
        settings.teacherScale = 0;
        settings.clipLow = 0.9; // would refuse everything if an "off" threshold were clipped
        Llkd rule(settings, people_.population(3));
        QVERIFY(!rule.needsScores());
        Decision decision;
        rule.observe(given({0, 1}, {0.1F, 0.2F}, {}).batch(), decision);
        QCOMPARE(decision.kept, 2);
        QVERIFY(rule.thresholds().teacher.empty() && rule.thresholds().student.empty());
    }

    void scoresAreNeededWhenTheyAreEverLookedAt() {
        SelectionSettings settings;
        settings.studentScale = 0;
        QVERIFY(!Llkd(settings, people_.population(3)).needsScores());
        settings.weight = Weighting::Product;
        QVERIFY(Llkd(settings, people_.population(3)).needsScores());
        settings.beta = 0;
        QVERIFY(!Llkd(settings, people_.population(3)).needsScores());
        settings.studentScale = Schedule(0, 1, ScheduleShape::Linear);
        QVERIFY(Llkd(settings, people_.population(3)).needsScores());
    }

    void editsTakeEffectInTheNextBatchAndKeepTheStatistics() {
        SelectionSettings settings;
        Llkd rule(settings, people_.population(3));
        Decision decision;
        const Given g = given({0, 1}, {0.5F, 0.375F}, {0.5F, 0.25F});
        rule.observe(g.batch(), decision);
        const double before = rule.confidence().global();
        const double tau = rule.thresholds().teacher[0];
        settings.teacherScale = 0.5;
        settings.decay = 0;
        rule.adjust(settings);
        QCOMPARE(rule.confidence().global(), before);
        QCOMPARE(rule.thresholds().teacher[0], tau);
        rule.observe(g.batch(), decision);
        QVERIFY(near(rule.confidence().global(), 0.4375)); // λ = 0: this batch alone
        // Class 0 is at 0.5, the largest of those that occur (class 2, at 0.5625 still, is nobody's).
        QVERIFY(near(rule.thresholds().teacher[0], 0.5 * 0.4375));
    }

    void restoredItContinuesIdentically() {
        SelectionSettings settings;
        settings.decay = Schedule(0.9, 0.99, ScheduleShape::Linear);
        settings.weight = Weighting::Product;
        Random random(7, "restore test");
        const Given everybody = randomBatch(random, 5, 500, false);
        const People people{everybody.labels, everybody.confidences};
        std::vector<Given> batches;
        for (int step = 0; step < 60; ++step) {
            batches.push_back(randomBatch(random, 5, 32, false));
            batches.back().progress = step / 60.0;
        }
        Llkd through(settings, people.population(5));
        Llkd first(settings, people.population(5));
        Llkd second(settings, people.population(5));
        Decision a;
        Decision b;
        for (std::size_t step = 0; step < batches.size(); ++step) {
            if (step == 23) {
                QVERIFY(second.restore(first.state()));
                QVERIFY(second.state() == first.state());
                QCOMPARE(second.thresholds().student, through.thresholds().student);
            }
            through.observe(batches[step].batch(), a);
            (step < 23 ? first : second).observe(batches[step].batch(), b);
            QCOMPARE(a.keep, b.keep);
            QCOMPARE(a.weights, b.weights);
        }
        QVERIFY(second.state() == through.state());
    }

    void foreignStatesAreRefused() {
        Llkd rule(SelectionSettings{}, people_.population(3));
        Decision decision;
        rule.observe(given({0, 1}, {0.5F, 0.5F}, {0.5F, 0.25F}).batch(), decision);
        const auto before = rule.state();
        const auto refuses = [&](const RuleState& state, const char* word) {
            const auto result = rule.restore(state);
            return !result && result.error().message.find(word) != std::string::npos &&
                   rule.state() == before;
        };
        QVERIFY(refuses({}, "no state"));
        auto state = before;
        state.entries[0].name = "random";
        QVERIFY(refuses(state, "'random'"));
        QVERIFY(refuses(Llkd(SelectionSettings{}, people_.population(4)).state(), "classes"));
        for (std::size_t entry = 1; entry < before.entries.size(); ++entry) {
            state = before;
            state.entries[entry].values.push_back(0.5);
            QVERIFY(refuses(state, before.entries[entry].name.c_str()));
            state = before;
            state.entries.erase(state.entries.begin() + static_cast<std::ptrdiff_t>(entry));
            QVERIFY(refuses(state, before.entries[entry].name.c_str()));
        }
        state = before;
        state.entries[2].values[1] = std::numeric_limits<double>::infinity();
        QVERIFY(refuses(state, "uncertainty"));
    }

    void theSteadyStateAllocatesNothing() {
        SelectionSettings settings;
        settings.quantile = 0.8;
        settings.weight = Weighting::Product;
        Random random(3, "allocation test");
        const Given g = randomBatch(random, 10, 64, true);
        Llkd rule(settings, People{g.labels, g.confidences}.population(10));
        Decision decision;
        rule.observe(g.batch(), decision);
        const long before = allocations.load();
        for (int step = 0; step < 100; ++step)
            rule.observe(g.batch(), decision);
        QCOMPARE(allocations.load() - before, 0L);
    }

    void aStepCostsMicroseconds() {
        // A training step takes about 100 µs; the rule may take 3 % of it. The fastest of many stretches, and
        // room for builds with sanitizers: this is here to catch another order of magnitude.
        Random random(3, "speed test");
        const Given g = randomBatch(random, 10, 64, true);
        const People people{g.labels, g.confidences};
        Llkd rule(SelectionSettings{}, people.population(10));
        Decision decision;
        double best = 1;
        for (int stretch = 0; stretch < 200; ++stretch) {
            const auto begin = std::chrono::steady_clock::now();
            for (int step = 0; step < 20; ++step)
                rule.observe(g.batch(), decision);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
            best = std::min(best, took.count() / 20);
        }
        qInfo("observe, 64 samples, 10 classes: %.2f µs", best * 1e6);
        QVERIFY(best < 30e-6);
    }
};

QTEST_GUILESS_MAIN(LlkdTest)
#include "llkd_test.moc"
