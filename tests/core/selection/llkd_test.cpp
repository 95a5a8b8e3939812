#include "core/selection/llkd.h"

#include <QtTest>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <new>
#include <numeric>
#include <optional>

namespace {
std::atomic<long> allocations{0};
}

// Counted, so that the steady state can be shown to allocate nothing.
void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size))
        return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

using namespace stillroom;

namespace {

/// A batch that owns what it shows.
struct Given {
    std::int64_t step = 0;
    double progress = 0;
    std::vector<std::uint32_t> samples;
    std::vector<std::int32_t> labels;
    std::vector<float> confidences;
    std::vector<float> uncertainties;

    [[nodiscard]] Batch batch() const {
        Batch batch;
        batch.step = step;
        batch.progress = progress;
        batch.samples = samples;
        batch.labels = labels;
        batch.confidences = confidences;
        batch.uncertainties = uncertainties;
        return batch;
    }
};

Given given(std::vector<std::int32_t> labels, std::vector<float> confidences,
            std::vector<float> uncertainties) {
    Given given;
    given.samples.resize(labels.size());
    given.labels = std::move(labels);
    given.confidences = std::move(confidences);
    given.uncertainties = std::move(uncertainties);
    return given;
}

Given randomBatch(Random& random, int classes, std::size_t size, bool tied) {
    Given made;
    for (std::size_t i = 0; i < size; ++i) {
        made.samples.push_back(static_cast<std::uint32_t>(i));
        // Squared: some classes are rare, and absent from many batches.
        const double u = random.uniform();
        made.labels.push_back(static_cast<std::int32_t>(u * u * classes));
        // Eight stated confidences, as of a real teacher, or any number.
        const double c = tied ? 0.6 + 0.05 * random.below(8) : random.uniform();
        made.confidences.push_back(static_cast<float>(c));
        made.uncertainties.push_back(static_cast<float>(random.uniform()));
    }
    return made;
}

/// method.md read again, with maps, sorted copies and no state shared with the code under test.
struct Reference {
    struct Signal {
        std::optional<double> global;
        std::map<int, double> classes;
    };
    SelectionSettings settings;
    int classCount;
    Signal confidence, uncertainty;

    static double statistic(std::vector<double> values, std::optional<double> quantile) {
        if (!quantile)
            return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
        std::sort(values.begin(), values.end());
        const double at = *quantile * static_cast<double>(values.size() - 1);
        const auto left = static_cast<std::size_t>(std::floor(at));
        const std::size_t right = std::min(left + 1, values.size() - 1);
        return values[left] * (1 - (at - std::floor(at))) + values[right] * (at - std::floor(at));
    }

    void start(Signal& signal, const std::vector<float>& values,
               const std::vector<std::int32_t>& labels) const {
        const std::vector<double> all(values.begin(), values.end());
        signal.global = statistic(all, settings.quantile);
        for (int y = 0; y < classCount; ++y) {
            std::vector<double> members;
            for (std::size_t i = 0; i < labels.size(); ++i)
                if (labels[i] == y)
                    members.push_back(values[i]);
            signal.classes[y] = statistic(members.empty() ? all : members, std::nullopt);
        }
    }

    void move(Signal& signal, const std::vector<float>& values, const std::vector<std::int32_t>& labels,
              double lambda) const {
        if (!signal.global)
            start(signal, values, labels);
        signal.global = lambda * *signal.global +
                        (1 - lambda) * statistic({values.begin(), values.end()}, settings.quantile);
        std::map<int, std::vector<double>> members;
        for (std::size_t i = 0; i < labels.size(); ++i)
            members[labels[i]].push_back(values[i]);
        for (const auto& [y, list] : members)
            signal.classes[y] = lambda * signal.classes[y] + (1 - lambda) * statistic(list, std::nullopt);
    }

    double threshold(const Signal& signal, double scale, int y) const {
        double largest = 0;
        for (const auto& [k, mean] : signal.classes)
            largest = std::max(largest, mean);
        double tau = scale * *signal.global;
        if (settings.classScaling)
            tau *= signal.classes.at(y) / largest;
        return std::min(std::max(tau, settings.clipLow), settings.clipHigh);
    }

    void observe(const Given& g) {
        const double lambda = settings.decay.at(g.progress);
        move(confidence, g.confidences, g.labels, lambda);
        move(uncertainty, g.uncertainties, g.labels, lambda);
    }

    /// 1, 0, or −1 where rounding decides.
    int keeps(const Given& g, std::size_t i) const {
        int answer = 1;
        const auto test = [&](const Signal& signal, double scale, double value) {
            if (scale == 0)
                return;
            const double distance = value - threshold(signal, scale, g.labels[i]);
            if (std::abs(distance) < 3e-6)
                answer = answer == 0 ? 0 : -1;
            else if (distance < 0)
                answer = 0;
        };
        test(confidence, settings.teacherScale.at(g.progress), g.confidences[i]);
        test(uncertainty, settings.studentScale.at(g.progress), g.uncertainties[i]);
        return answer;
    }
};

struct People {
    std::vector<std::int32_t> labels;
    std::vector<float> confidences;
    [[nodiscard]] Population population(int classes) const {
        Population population;
        population.classCount = classes;
        population.labels = labels;
        population.confidences = confidences;
        return population;
    }
};

bool near(double a, double b, double slack = 1e-12) {
    return std::abs(a - b) <= slack;
}

} // namespace

class LlkdTest : public QObject {
    Q_OBJECT

    // Four samples, three classes, exact as floats. Class 0: (0.875 + 0.625)/2 = 0.75, class 1: (0.5 + 0.25)/2 =
    // 0.375, class 2 has none; all: 0.5625.
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

    void againstTheReference_data() {
        QTest::addColumn<int>("variant");
        for (int variant = 0; variant < 9; ++variant)
            QTest::newRow(std::to_string(variant).c_str()) << variant;
    }

    void againstTheReference() {
        QFETCH(int, variant);
        SelectionSettings settings;
        switch (variant) {
        case 1:
            settings.quantile = 0.8;
            break;
        case 2:
            settings.classScaling = false;
            break;
        case 3:
            settings.decay = Schedule(0.9, 0.999, ScheduleShape::Linear);
            settings.teacherScale = Schedule(0.5, 1.1, ScheduleShape::Cosine);
            settings.studentScale = Schedule(1.2, 0.4, ScheduleShape::Exponential);
            break;
        case 4:
            settings.clipLow = 0.35;
            settings.clipHigh = 0.45;
            break;
        case 5:
            settings.warmStart = false;
            settings.decay = 0.9;
            break;
        case 6:
            settings.studentScale = 0;
            break;
        case 7:
            settings.teacherScale = 0;
            break;
        case 8:
            settings.decay = 0;
            settings.quantile = 0.33;
            break;
        default:
            break;
        }
        constexpr int Classes = 7;
        Random random(42, "llkd test", static_cast<std::uint64_t>(variant));
        const bool tied = variant % 2 == 0;
        const Given everybody = randomBatch(random, Classes - 1, 5000, tied); // class 6: nobody
        const People people{everybody.labels, everybody.confidences};

        Reference reference{settings, Classes, {}, {}};
        if (settings.warmStart)
            reference.start(reference.confidence, people.confidences, people.labels);
        else {
            reference.confidence.global = 1.0 / Classes;
            for (int y = 0; y < Classes; ++y)
                reference.confidence.classes[y] = 1.0 / Classes;
        }
        Llkd rule(settings, people.population(Classes));
        Decision decision;
        int kept = 0;
        int decided = 0;
        for (int step = 0; step < 1000; ++step) {
            Given g = randomBatch(random, Classes - 1, step % 50 == 7 ? 1 : 64, tied);
            g.step = step;
            g.progress = step / 1000.0;
            rule.observe(g.batch(), decision);
            reference.observe(g);
            QVERIFY(near(rule.confidence().global(), *reference.confidence.global, 1e-9));
            QVERIFY(near(rule.uncertainty().global(), *reference.uncertainty.global, 1e-9));
            for (int y = 0; y < Classes; ++y) {
                const auto at = static_cast<std::size_t>(y);
                QVERIFY(near(rule.confidence().byClass()[at], reference.confidence.classes[y], 1e-9));
                QVERIFY(near(rule.uncertainty().byClass()[at], reference.uncertainty.classes[y], 1e-9));
                const double a = settings.teacherScale.at(g.progress);
                const double b = settings.studentScale.at(g.progress);
                const auto thresholds = rule.thresholds();
                QCOMPARE(thresholds.teacher.empty(), a == 0);
                QCOMPARE(thresholds.student.empty(), b == 0);
                if (a != 0)
                    QVERIFY(
                        near(thresholds.teacher[at], reference.threshold(reference.confidence, a, y), 1e-9));
                if (b != 0)
                    QVERIFY(
                        near(thresholds.student[at], reference.threshold(reference.uncertainty, b, y), 1e-9));
            }
            for (std::size_t i = 0; i < g.labels.size(); ++i) {
                const int expected = reference.keeps(g, i);
                if (expected < 0)
                    continue;
                ++decided;
                kept += expected;
                QCOMPARE(static_cast<int>(decision.keep[i]), expected);
            }
        }
        // The comparison would mean nothing if all were kept, or none, or nearly all were ties.
        QVERIFY2(decided > 55000, std::to_string(decided).c_str());
        QVERIFY2(kept > decided / 20 && kept < decided * 19 / 20, std::to_string(kept).c_str());
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
        QVERIFY(near(rule.thresholds().teacher[0],
                     0.5 * 0.4375 * 0.5 / 0.5625)); // class 2 still stands at 0.5625
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
