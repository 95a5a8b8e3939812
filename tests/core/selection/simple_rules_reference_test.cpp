// The rules without moving statistics against their definitions read a second time: float64, sorted lists.
#include "tests/core/selection/given_batches.h"

#include <QtTest>
#include <numeric>
#include <set>

using namespace stillroom;

namespace {

constexpr int K = 5;
constexpr std::uint32_t N = 600;

} // namespace

class SimpleRulesReferenceTest : public QObject {
    Q_OBJECT

    /// A sample is surely in when fewer than `count` are not below it, surely out when `count` are above it.
    static int inTop(const std::vector<double>& values, std::size_t i, std::size_t count) {
        std::size_t above = 0;
        std::size_t tied = 0;
        for (const double value : values) {
            above += value > values[i] + 1e-7 ? 1 : 0;
            tied += std::abs(value - values[i]) <= 1e-7 ? 1 : 0;
        }
        if (above + tied <= count)
            return 1;
        return above >= count ? 0 : -1;
    }

    static std::size_t ceiling(double ratio, std::size_t size) {
        std::size_t count = 0;
        while (static_cast<double>(count) + 1e-6 < ratio * static_cast<double>(size))
            ++count;
        return std::clamp<std::size_t>(count, 1, size);
    }

    static int atOrAbove(double value, double threshold) {
        return std::abs(value - threshold) < 3e-6 ? -1 : value > threshold ? 1 : 0;
    }

    struct Outcome {
        int decided = 0, kept = 0;
    };

    /// 1,000 batches; `expected(g, i)` is 1, 0, or −1 where a tie decides. `exactly(g)`: so many are kept.
    template <class Expected, class Exactly>
    static Outcome compare(Rule& rule, Expected expected, Exactly exactly, Verdict refusal) {
        Random random(11, "simple rules");
        Decision decision;
        Outcome outcome;
        for (int step = 0; step < 1000; ++step) {
            Given g = fullBatch(random, K, step % 50 == 7 ? 1 : 64, N, 3);
            g.step = step;
            g.epoch = step / 10;
            g.place = RunPlace(step, 10, 1000);
            rule.observe(g.batch(), decision);
            const auto sum = std::accumulate(decision.keep.begin(), decision.keep.end(), std::int64_t{0});
            if (sum != decision.kept || (exactly(g) >= 0 && exactly(g) != sum))
                return {};
            for (std::size_t i = 0; i < g.samples.size(); ++i) {
                if ((decision.keep[i] != 0) != (decision.verdicts[i] == Verdict::Kept))
                    return {};
                if (decision.keep[i] == 0 && decision.verdicts[i] != refusal &&
                    !(refusal == Verdict::LabelWrong && g.gold[i] < 0 &&
                      decision.verdicts[i] == Verdict::NoGold))
                    return {};
                const int want = expected(g, i);
                if (want < 0)
                    continue;
                if (want != decision.keep[i])
                    return {};
                ++outcome.decided;
                outcome.kept += want;
            }
        }
        return outcome;
    }

    static bool says(const Outcome& outcome) {
        return outcome.decided > 40000 && outcome.kept > outcome.decided / 20 &&
               outcome.kept < outcome.decided * 19 / 20;
    }

    static constexpr auto AnyNumber = [](const Given&) { return std::int64_t{-1}; };

    Random random_{3, "people"};
    const People people_ = somePeople(random_, K, N);

  private Q_SLOTS:
    void all() {
        const auto rule = made(settingsOf(RuleKind::All), people_.population(K));
        const auto outcome = compare(
            *rule, [](const Given&, std::size_t) { return 1; }, AnyNumber, Verdict::Unseen);
        QCOMPARE(outcome.kept, 980 * 64 + 20);
    }

    void teachersCut() {
        auto settings = settingsOf(RuleKind::Teacher);
        settings.cut = Schedule(0.3, 0.9, ScheduleShape::Cosine);
        const auto rule = made(settings, people_.population(K));
        const auto outcome = compare(
            *rule,
            [&](const Given& g, std::size_t i) {
                const double done = g.place.step / g.place.totalSteps;
                return atOrAbove(g.confidences[i], 0.6 - 0.3 * std::cos(3.141592653589793 * done));
            },
            AnyNumber, Verdict::TeacherUnsure);
        QVERIFY(says(outcome));
    }

    void studentsCut() {
        auto settings = settingsOf(RuleKind::Student);
        settings.cut = Schedule(0.95, 0.7, ScheduleShape::Linear);
        const auto rule = made(settings, people_.population(K));
        const auto outcome = compare(
            *rule,
            [&](const Given& g, std::size_t i) {
                return atOrAbove(g.uncertainties[i], 0.95 - 0.25 * g.place.step / g.place.totalSteps);
            },
            AnyNumber, Verdict::StudentSure);
        QVERIFY(says(outcome));
    }

    void studentsShare() {
        auto settings = settingsOf(RuleKind::Student);
        settings.ratio = 0.21;
        const auto rule = made(settings, people_.population(K));
        const auto outcome = compare(
            *rule,
            [&](const Given& g, std::size_t i) {
                return inTop({g.uncertainties.begin(), g.uncertainties.end()}, i,
                             ceiling(0.21, g.samples.size()));
            },
            [](const Given& g) { return static_cast<std::int64_t>(ceiling(0.21, g.samples.size())); },
            Verdict::NotInShare);
        QVERIFY(says(outcome));
    }

    void smallLoss() {
        auto settings = settingsOf(RuleKind::SmallLoss);
        settings.ratio = Schedule(1, 0.5, ScheduleShape::Linear);
        settings.ratio->over = {20, ScheduleUnit::Epochs};
        const auto rule = made(settings, people_.population(K));
        const auto count = [](const Given& g) {
            return ceiling(1 - 0.5 * std::min(1.0, g.place.step / 200), g.samples.size());
        };
        const auto outcome = compare(
            *rule,
            [&](const Given& g, std::size_t i) {
                std::vector<double> gains;
                for (const float loss : g.losses)
                    gains.push_back(-static_cast<double>(loss));
                return inTop(gains, i, count(g));
            },
            [&](const Given& g) { return static_cast<std::int64_t>(count(g)); }, Verdict::LossHigh);
        QVERIFY(says(outcome));
    }

    void oracle() {
        const auto rule = made(settingsOf(RuleKind::Oracle), people_.population(K));
        const auto outcome = compare(
            *rule,
            [](const Given& g, std::size_t i) { return g.gold[i] >= 0 && g.gold[i] == g.labels[i] ? 1 : 0; },
            AnyNumber, Verdict::LabelWrong);
        QVERIFY(says(outcome));
    }

    void teachersShare() {
        // Of the population's confidences, not the batch's: by sample number.
        auto settings = settingsOf(RuleKind::Teacher);
        settings.ratio = 0.35;
        const auto rule = made(settings, people_.population(K));
        const std::vector<double> all(people_.confidences.begin(), people_.confidences.end());
        std::vector<int> expected(N);
        for (std::size_t i = 0; i < N; ++i)
            expected[i] = inTop(all, i, 210);
        std::set<std::uint32_t> kept;
        std::set<std::uint32_t> refused;
        Random random(5, "shares");
        Decision decision;
        for (int step = 0; step < 200; ++step) {
            const Given g = fullBatch(random, K, 64, N, 1);
            rule->observe(g.batch(), decision);
            for (std::size_t i = 0; i < g.samples.size(); ++i) {
                QVERIFY(expected[g.samples[i]] < 0 || expected[g.samples[i]] == decision.keep[i]);
                QCOMPARE(decision.verdicts[i], decision.keep[i] != 0 ? Verdict::Kept : Verdict::NotInShare);
                (decision.keep[i] != 0 ? kept : refused).insert(g.samples[i]);
            }
        }
        QCOMPARE(kept.size(), std::size_t{210});
        QCOMPARE(refused.size(), std::size_t{N - 210});
    }

    void random() {
        auto settings = settingsOf(RuleKind::Random);
        settings.ratio = 0.35;
        const auto rule = made(settings, people_.population(K));
        Decision decision;
        Random stream(6, "order");
        std::vector<int> times(N);
        for (std::int64_t epoch = 0; epoch < 400; ++epoch) {
            Given g = fullBatch(stream, K, N, N, 1);
            g.epoch = epoch;
            rule->observe(g.batch(), decision);
            QCOMPARE(decision.kept, 210);
            for (std::size_t i = 0; i < N; ++i) {
                times[g.samples[i]] += decision.keep[i];
                QCOMPARE(decision.verdicts[i], decision.keep[i] != 0 ? Verdict::Kept : Verdict::NotDrawn);
            }
        }
        // Each sample 140 times of 400, with a deviation of √(400 · 0.35 · 0.65) = 9.5: none beyond five of
        // it, and the sum of squares as chance has it (600 ± 35 in units of the deviation).
        double squares = 0;
        for (const int count : times) {
            QVERIFY2(std::abs(count - 140) < 48, std::to_string(count).c_str());
            squares += (count - 140.0) * (count - 140.0) / 91;
        }
        QVERIFY2(squares > 450 && squares < 750, std::to_string(squares).c_str());
    }
};

QTEST_GUILESS_MAIN(SimpleRulesReferenceTest)
#include "simple_rules_reference_test.moc"
