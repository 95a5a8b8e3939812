#include "core/selection/llkd.h"
#include "tests/core/selection/given_batches.h"

#include <QtTest>

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
        QCOMPARE(decision.verdicts, (std::vector<Verdict>{Verdict::Kept, Verdict::TeacherUnsure}));
        QCOMPARE(decision.kept, 1);
        QCOMPARE(decision.weights, (std::vector<float>{1, 0}));
    }

    void whoRefuses() {
        SelectionSettings settings;
        settings.fixedThresholds = {0.5, 0.5};
        Llkd rule(settings, people_.population(3));
        QCOMPARE(rule.thresholds().teacher, (std::vector<double>{0.5, 0.5, 0.5}));
        Decision decision;
        rule.observe(given({0, 1, 0, 1}, {0.5F, 0.25F, 1.0F, 0.0F}, {0.5F, 1.0F, 0.25F, 0.0F}).batch(),
                     decision);
        QCOMPARE(decision.verdicts, (std::vector<Verdict>{Verdict::Kept, Verdict::TeacherUnsure,
                                                          Verdict::StudentSure, Verdict::BothRefuse}));
        QCOMPARE(rule.thresholds().student, (std::vector<double>{0.5, 0.5, 0.5}));
        // The scale still is a factor, 0 still turns off, and the statistics go on behind it.
        settings.teacherScale = 0.5;
        settings.studentScale = 0;
        rule.adjust(settings);
        rule.observe(given({0, 1}, {0.25F, 0.2F}, {0.0F, 0.0F}).batch(), decision);
        QCOMPARE(rule.thresholds().teacher, (std::vector<double>{0.25, 0.25, 0.25}));
        QVERIFY(rule.thresholds().student.empty());
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 0}));
        settings = {};
        settings.decay = 0;
        rule.adjust(settings);
        rule.observe(given({0, 1}, {0.5F, 0.25F}, {0.5F, 0.5F}).batch(), decision);
        QCOMPARE(rule.thresholds().teacher[0], 0.375);
    }

    void aFixedShareOfEachBatch() {
        SelectionSettings settings;
        settings.fixedRatio = 0.5;
        Llkd rule(settings, people_.population(3));
        QVERIFY(rule.thresholds().teacher.empty());
        Decision decision;
        // c·u: 0.25, 0.1875, 0.375, 0.125, 0; of five, three.
        const Given g =
            given({0, 0, 1, 1, 2}, {0.5F, 0.75F, 0.375F, 1.0F, 1.0F}, {0.5F, 0.25F, 1.0F, 0.125F, 0.0F});
        rule.observe(g.batch(), decision);
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 1, 1, 0, 0}));
        QCOMPARE(decision.verdicts[4], Verdict::NotInShare);
        QVERIFY(rule.thresholds().teacher.empty() && rule.thresholds().student.empty());
        QVERIFY(rule.uncertainty().started()); // the statistics go on
        // One signal alone: the other's scale is 0.
        settings.studentScale = 0;
        rule.adjust(settings);
        QVERIFY(!rule.needsScores());
        rule.observe(g.batch(), decision);
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{0, 1, 0, 1, 1}));
        settings.studentScale = 1;
        settings.teacherScale = 0;
        rule.adjust(settings);
        rule.observe(g.batch(), decision);
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 1, 1, 0, 0}));
    }

    void aScaleThatWarmsUp() {
        SelectionSettings settings;
        settings.teacherScale.warmup = {2, ScheduleUnit::Epochs};
        settings.studentScale.warmup = {20, ScheduleUnit::Steps};
        settings.decay = 0;
        Llkd rule(settings, people_.population(3));
        QVERIFY(rule.needsScores()); // though it begins at 0
        QVERIFY(rule.thresholds().teacher.empty());
        Given g = given({0, 0}, {0.5F, 0.5F}, {0.5F, 0.5F});
        Decision decision;
        g.place = RunPlace(0, 10, 100);
        rule.observe(g.batch(), decision);
        QVERIFY(rule.thresholds().teacher.empty() && rule.thresholds().student.empty());
        QCOMPARE(decision.kept, 2);
        g.place = RunPlace(5, 10, 100);
        rule.observe(g.batch(), decision);
        QVERIFY(near(rule.thresholds().teacher[0], 0.125));
        QVERIFY(near(rule.thresholds().student[0], 0.125));
        g.place = RunPlace(20, 10, 100);
        rule.observe(g.batch(), decision);
        QVERIFY(near(rule.thresholds().teacher[0], 0.5));
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
        settings.studentScale.over = {3, ScheduleUnit::Steps};
        QVERIFY(Llkd(settings, people_.population(3)).needsScores());
        settings.studentScale = 0;
        settings.studentScale.warmup = {3, ScheduleUnit::Steps}; // from 0 to 0
        QVERIFY(!Llkd(settings, people_.population(3)).needsScores());
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
};

QTEST_GUILESS_MAIN(LlkdTest)
#include "llkd_test.moc"
