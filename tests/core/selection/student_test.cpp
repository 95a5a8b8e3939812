// The rules `student` and `small_loss`, worked out by hand.
#include "tests/core/selection/given_batches.h"

#include <QtTest>
#include <numeric>

using namespace stillroom;

class StudentTest : public QObject {
    Q_OBJECT

    const People people_ = {{0, 1, 0, 1}, {0.5F, 0.5F, 0.5F, 0.5F}};

    static Given losses(std::vector<float> values) {
        Given made = given(std::vector<std::int32_t>(values.size()), std::vector<float>(values.size()), {});
        made.losses = std::move(values);
        return made;
    }

  private Q_SLOTS:
    void cutIsAtLeast() {
        auto settings = settingsOf(RuleKind::Student);
        settings.cut = 0.7;
        const auto rule = made(settings, people_.population(2));
        QVERIFY(rule->needsScores());
        QVERIFY(rule->thresholds().student.empty());
        Decision decision;
        // 0.7 as a float is 0.69999999: a tie is in.
        rule->observe(given({0, 1, 0, 1}, {0, 0, 1, 1}, {0.7F, 0.699F, 1.0F, 0.0F}).batch(), decision);
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 0, 1, 0}));
        QCOMPARE(decision.verdicts, (std::vector<Verdict>{Verdict::Kept, Verdict::StudentSure, Verdict::Kept,
                                                          Verdict::StudentSure}));
        QCOMPARE(rule->thresholds().student, (std::vector<double>{0.7, 0.7}));
        QVERIFY(rule->thresholds().teacher.empty() && rule->thresholds().studentConfidence.empty());
    }

    void theMostUncertainShareOfEachBatch() {
        auto settings = settingsOf(RuleKind::Student);
        settings.ratio = 0.3; // of five: ⌈1.5⌉ = 2
        const auto rule = made(settings, people_.population(2));
        Decision decision;
        rule->observe(
            given({0, 1, 0, 1, 0}, std::vector<float>(5), {0.5F, 0.125F, 0.75F, 0.25F, 0.375F}).batch(),
            decision);
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 0, 1, 0, 0}));
        QCOMPARE(decision.verdicts[1], Verdict::NotInShare);
        QCOMPARE(rule->thresholds().student, (std::vector<double>{0.5, 0.5})); // the lowest that is kept
        rule->observe(given({0}, {0}, {0.0F}).batch(), decision);              // at least one
        QCOMPARE(decision.kept, 1);
        QCOMPARE(rule->thresholds().student, (std::vector<double>{0, 0}));
    }

    void aShareOfEqualsIsExactAndFair() {
        auto settings = settingsOf(RuleKind::Student);
        settings.ratio = 0.25;
        const auto rule = made(settings, people_.population(2, 7));
        const std::size_t size = 64;
        Given equal =
            given(std::vector<std::int32_t>(size), std::vector<float>(size), std::vector<float>(size, 0.5F));
        std::vector<int> times(size);
        Decision decision;
        for (equal.epoch = 0; equal.epoch < 200; ++equal.epoch) {
            rule->observe(equal.batch(), decision);
            QCOMPARE(decision.kept, 16);
            for (std::size_t i = 0; i < size; ++i)
                times[i] += decision.keep[i];
        }
        // Each sample 50 ± 6 times of 200.
        QVERIFY(*std::min_element(times.begin(), times.end()) > 20);
        QVERIFY(*std::max_element(times.begin(), times.end()) < 85);
    }

    void fromCutToShareInFlight() {
        auto settings = settingsOf(RuleKind::Student);
        settings.cut = 0.9;
        const auto rule = made(settings, people_.population(2));
        const Given g = given({0, 1, 0, 1}, std::vector<float>(4), {0.1F, 0.2F, 0.3F, 0.4F});
        Decision decision;
        rule->observe(g.batch(), decision);
        QCOMPARE(decision.kept, 0);
        settings.cut.reset();
        settings.ratio = 0.5;
        rule->adjust(settings);
        rule->observe(g.batch(), decision);
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{0, 0, 1, 1}));
    }

    void aWarmUpOfTheShareBeginsWithOne() {
        auto settings = settingsOf(RuleKind::Student);
        settings.ratio = Schedule(0.5);
        settings.ratio->warmup = {10, ScheduleUnit::Steps};
        QVERIFY(checkSelection(settings));
        const auto rule = made(settings, people_.population(2));
        Random random(1, "warm-up");
        Given g = randomBatch(random, 2, 40, false);
        Decision decision;
        for (const auto& [step, kept] :
             {std::pair(0, 1), std::pair(5, 10), std::pair(10, 20), std::pair(50, 20)}) {
            g.place = RunPlace(step, 100, 1000);
            rule->observe(g.batch(), decision);
            QCOMPARE(decision.kept, kept);
        }
    }

    void smallLossByHand() {
        auto settings = settingsOf(RuleKind::SmallLoss);
        settings.ratio = 0.5; // of five: 3
        const auto rule = made(settings, people_.population(2));
        QVERIFY(rule->needsScores());
        Decision decision;
        rule->observe(losses({0.5F, 2.0F, 0.0F, 0.25F, 7.0F}).batch(), decision);
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 0, 1, 1, 0}));
        QCOMPARE(decision.verdicts[1], Verdict::LossHigh);
        const Thresholds thresholds = rule->thresholds();
        QVERIFY(thresholds.teacher.empty() && thresholds.student.empty() &&
                thresholds.studentConfidence.empty());
        // A loss that is none is no small loss.
        rule->observe(losses({std::numeric_limits<float>::quiet_NaN(), 9.0F}).batch(), decision);
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{0, 1}));
    }

    void coTeachingsForgettingIsASchedule() {
        // R(T) = 1 − τ · min(T / T_k, 1) with τ = 0.2 and T_k = 10 epochs.
        auto settings = settingsOf(RuleKind::SmallLoss);
        settings.ratio = Schedule(1, 0.8, ScheduleShape::Linear);
        settings.ratio->over = {10, ScheduleUnit::Epochs};
        const auto rule = made(settings, people_.population(2));
        Random random(1, "forgetting");
        std::vector<float> values(100);
        for (auto& value : values)
            value = static_cast<float>(random.uniform());
        Given g = losses(values);
        Decision decision;
        for (const auto& [epoch, kept] :
             {std::pair(0, 100), std::pair(5, 90), std::pair(10, 80), std::pair(30, 80)}) {
            g.epoch = epoch;
            g.place = RunPlace(20.0 * epoch, 20, 800);
            rule->observe(g.batch(), decision);
            QCOMPARE(decision.kept, kept);
        }
    }
};

QTEST_GUILESS_MAIN(StudentTest)
#include "student_test.moc"
