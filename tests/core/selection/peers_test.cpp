// FixMatch, FlexMatch, FreeMatch and SoftMatch, worked out by hand.
#include "tests/core/selection/given_batches.h"

#include <QtTest>

using namespace stillroom;

class PeersTest : public QObject {
    Q_OBJECT

    static People peopleOf(std::size_t size) {
        return {std::vector<std::int32_t>(size), std::vector<float>(size, 0.5F)};
    }

    static bool nearAll(const std::vector<double>& found, const std::vector<double>& expected) {
        return std::ranges::equal(found, expected, [](double a, double b) { return near(a, b); });
    }

  private Q_SLOTS:
    void fixMatch() {
        const auto rule = made(settingsOf(RuleKind::FixMatch), peopleOf(4).population(3));
        QVERIFY(rule->needsScores());
        QVERIFY(rule->thresholds().studentConfidence.empty());
        Decision decision;
        // The pseudo-label is 0 everywhere: what counts is that the student is sure, not of what. 0.95 as a
        // float is below 0.95, and a tie is in.
        rule->observe(givenRows({0, 1, 2, 3}, {0.96F, 0.02F, 0.02F, 0.0F, 0.95F, 0.05F, 0.03F, 0.03F, 0.94F,
                                               0.5F, 0.25F, 0.25F})
                          .batch(),
                      decision);
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 1, 0, 0}));
        QCOMPARE(decision.verdicts[3], Verdict::StudentUnsure);
        QCOMPARE(decision.weights, (std::vector<float>{1, 1, 0, 0}));
        QCOMPARE(rule->thresholds().studentConfidence, (std::vector<double>{0.95, 0.95, 0.95}));
        QVERIFY(rule->thresholds().teacher.empty() && rule->thresholds().student.empty());
    }

    void fixMatchsCutIsASetting() {
        auto settings = settingsOf(RuleKind::FixMatch);
        settings.cut = Schedule(0.5, 0.9, ScheduleShape::Linear);
        const auto rule = made(settings, peopleOf(4).population(2));
        Given g = givenRows({0, 1}, {0.75F, 0.25F, 0.0F, 1.0F});
        Decision decision;
        rule->observe(g.batch(), decision);
        QCOMPARE(decision.kept, 2);
        g.place = 1;
        rule->observe(g.batch(), decision);
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{0, 1}));
    }

    void flexMatch() {
        auto settings = settingsOf(RuleKind::FlexMatch);
        settings.cut = 0.8;
        const auto rule = made(settings, peopleOf(8).population(2));
        Decision decision;
        // β is 0: everything passes. 0.9, 0.85 and 0.8 (a tie) are sure, 0.6 is not.
        rule->observe(givenRows({0, 1, 2, 3}, {0.9F, 0.1F, 0.85F, 0.15F, 0.2F, 0.8F, 0.4F, 0.6F}).batch(),
                      decision);
        QCOMPARE(decision.kept, 4);
        QCOMPARE(rule->thresholds().studentConfidence, (std::vector<double>{0, 0}));
        QCOMPARE(statisticsOf(*rule, "memory"), (std::vector<double>{0, 0, 1, -1, -1, -1, -1, -1}));
        QVERIFY(nearAll(statisticsOf(*rule, "learned"), {2.0 / 5, 1.0 / 5})); // five are unused

        rule->observe(givenRows({4, 5, 6, 7}, {0.9F, 0.1F, 0.9F, 0.1F, 0.9F, 0.1F, 0.3F, 0.7F}).batch(),
                      decision);
        // 0.8 · 0.4/1.6 = 0.2 and 0.8 · 0.2/1.8.
        QVERIFY(nearAll(rule->thresholds().studentConfidence, {0.2, 0.8 / 9}));
        QVERIFY(nearAll(statisticsOf(*rule, "learned"), {1, 1.0 / 5})); // 5 : 1, two are unused

        // Sample 2 changes its mind to class 0; the mask of this batch does not know yet.
        rule->observe(givenRows({0, 1, 2}, {0.79F, 0.21F, 0.5F, 0.5F, 0.9F, 0.1F}).batch(), decision);
        QVERIFY(nearAll(rule->thresholds().studentConfidence, {0.8, 0.8 / 9}));
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{0, 0, 1}));
        QCOMPARE(decision.verdicts[0], Verdict::StudentUnsure);
        QVERIFY(nearAll(statisticsOf(*rule, "learned"), {1, 0}));

        rule->observe(givenRows({3}, {0.49F, 0.51F}).batch(), decision);
        QVERIFY(nearAll(rule->thresholds().studentConfidence, {0.8, 0}));
        QCOMPARE(decision.kept, 1);
        // Once all remember the same class, nothing is learned from that.
        rule->observe(givenRows({3, 7}, {0.9F, 0.1F, 0.9F, 0.1F}).batch(), decision);
        QCOMPARE(statisticsOf(*rule, "memory"), std::vector<double>(8, 0.0));
        QVERIFY(nearAll(statisticsOf(*rule, "learned"), {1, 0}));
    }

    void flexMatchLearnsNothingFromOneClassAlone() {
        const auto rule = made(settingsOf(RuleKind::FlexMatch), peopleOf(2).population(2));
        Decision decision;
        rule->observe(givenRows({0, 1}, {0.99F, 0.01F, 0.99F, 0.01F}).batch(), decision);
        QCOMPARE(statisticsOf(*rule, "memory"), (std::vector<double>{0, 0}));
        QCOMPARE(statisticsOf(*rule, "learned"), (std::vector<double>{0, 0})); // both remember the same
        rule->observe(givenRows({1}, {0.01F, 0.99F}).batch(), decision);
        QCOMPARE(statisticsOf(*rule, "learned"), (std::vector<double>{1, 1}));
    }

    void flexMatchWithoutClassScalingIsFixMatch() {
        auto settings = settingsOf(RuleKind::FlexMatch);
        settings.classScaling = false;
        Random random(5, "flexmatch");
        const auto flex = made(settings, peopleOf(200).population(4));
        const auto fix = made(settingsOf(RuleKind::FixMatch), peopleOf(200).population(4));
        Decision a, b;
        int kept = 0;
        for (int step = 0; step < 100; ++step) {
            const Given g = fullBatch(random, 4, 32, 200, 12);
            flex->observe(g.batch(), a);
            fix->observe(g.batch(), b);
            QCOMPARE(a.keep, b.keep);
            kept += static_cast<int>(a.kept);
        }
        QVERIFY(kept > 100 && kept < 3100);
        // The memory goes on, so that class scaling can be turned on again.
        settings.classScaling = true;
        flex->adjust(settings);
        flex->observe(fullBatch(random, 4, 32, 200, 12).batch(), a);
        const auto thresholds = flex->thresholds().studentConfidence;
        QVERIFY(*std::min_element(thresholds.begin(), thresholds.end()) < 0.9);
    }

    void freeMatch() {
        auto settings = settingsOf(RuleKind::FreeMatch);
        settings.decay = 0.5;
        const auto rule = made(settings, peopleOf(4).population(2));
        QCOMPARE(statisticsOf(*rule, "threshold"), std::vector<double>{0.5});
        QCOMPARE(statisticsOf(*rule, "probability"), (std::vector<double>{0.5, 0.5}));
        QCOMPARE(statisticsOf(*rule, "histogram"), (std::vector<double>{0.5, 0.5}));
        Decision decision;
        // max p 0.75 and 1: mean 0.875. Mean p (0.875, 0.125).
        rule->observe(givenRows({0, 1}, {0.75F, 0.25F, 1.0F, 0.0F}).batch(), decision);
        QCOMPARE(statisticsOf(*rule, "threshold"), std::vector<double>{0.6875});
        QCOMPARE(statisticsOf(*rule, "probability"), (std::vector<double>{0.6875, 0.3125}));
        QCOMPARE(statisticsOf(*rule, "histogram"), (std::vector<double>{0.75, 0.25}));
        // τ · p̃ / max p̃, with the statistics of this very batch: 0.6875 and 0.3125.
        QVERIFY(nearAll(rule->thresholds().studentConfidence, {0.6875, 0.3125}));
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 1}));

        // max p 0.625 and 0.625: τ = (0.6875 + 0.625)/2 = 0.65625; mean p (0.5, 0.5): p̃ = 0.59375, 0.40625.
        rule->observe(givenRows({2, 3}, {0.625F, 0.375F, 0.375F, 0.625F}).batch(), decision);
        QVERIFY(nearAll(statisticsOf(*rule, "threshold"), {0.65625}));
        QVERIFY(nearAll(statisticsOf(*rule, "histogram"), {0.625, 0.375}));
        QVERIFY(nearAll(rule->thresholds().studentConfidence, {0.65625, 0.65625 * 0.40625 / 0.59375}));
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{0, 1}));
        QCOMPARE(decision.verdicts[0], Verdict::StudentUnsure);
    }

    void freeMatchsSwitches() {
        auto settings = settingsOf(RuleKind::FreeMatch);
        settings.decay = 0.5;
        settings.classScaling = false;
        Given g = givenRows({0, 1}, {0.75F, 0.25F, 0.4375F, 0.5625F}); // mean max p 0.65625, τ = 0.578125
        Decision decision;
        auto rule = made(settings, peopleOf(4).population(2));
        rule->observe(g.batch(), decision);
        QCOMPARE(rule->thresholds().studentConfidence, (std::vector<double>{0.578125, 0.578125}));
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 0}));

        settings.studentScale = 0.5; // from the next batch on
        rule->adjust(settings);
        rule->observe(g.batch(), decision);
        QCOMPARE(statisticsOf(*rule, "threshold"), std::vector<double>{0.6171875});
        QCOMPARE(rule->thresholds().studentConfidence, (std::vector<double>(2, 0.5 * 0.6171875)));
        QCOMPARE(decision.kept, 2);
        settings.studentScale = 0;
        rule->adjust(settings);
        rule->observe(g.batch(), decision);
        QVERIFY(rule->thresholds().studentConfidence.empty());
        QCOMPARE(decision.kept, 2);
        QVERIFY(statisticsOf(*rule, "threshold")[0] > 0.62); // the statistics go on

        // The peer's use_quantile and clip_thresh: the 0.8-quantile of 0.75 and 0.5625 is 0.7125; τ 0.60625.
        settings = settingsOf(RuleKind::FreeMatch);
        settings.decay = 0.5;
        settings.quantile = 0.8;
        rule = made(settings, peopleOf(4).population(2));
        rule->observe(g.batch(), decision);
        QVERIFY(nearAll(statisticsOf(*rule, "threshold"), {0.60625}));
        settings.clipHigh = 0.55;
        rule->adjust(settings);
        rule->observe(g.batch(), decision);
        QCOMPARE(statisticsOf(*rule, "threshold"), std::vector<double>{0.55}); // τ itself, not the thresholds
    }

    void softMatch() {
        auto settings = settingsOf(RuleKind::SoftMatch);
        settings.decay = 0.5;
        const auto rule = made(settings, peopleOf(4).population(2));
        QCOMPARE(statisticsOf(*rule, "gaussian"), (std::vector<double>{0.5, 1}));
        Decision decision;
        // max p 0.75 and 1: mean 0.875, unbiased variance 2 · 0.125² / 1 = 0.03125.
        rule->observe(givenRows({0, 1}, {0.75F, 0.25F, 1.0F, 0.0F}).batch(), decision);
        QCOMPARE(statisticsOf(*rule, "gaussian"), (std::vector<double>{0.6875, 0.515625}));
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 1}));
        QCOMPARE(decision.weights, (std::vector<float>{1, 1}));
        // max p 0.5 and 0.75: mean 0.625: μ = 0.65625, σ² = (0.515625 + 0.03125)/2 = 0.2734375.
        rule->observe(givenRows({2, 3}, {0.5F, 0.5F, 0.25F, 0.75F}).batch(), decision);
        QCOMPARE(statisticsOf(*rule, "gaussian"), (std::vector<double>{0.65625, 0.2734375}));
        // exp(−0.15625² · 4 / (2 · 0.2734375)) = exp(−0.17857143) = 0.83646432.
        QVERIFY(std::abs(decision.weights[0] - 0.83646432F) < 1e-7F);
        QCOMPARE(decision.weights[1], 1.0F);
        QCOMPARE(decision.kept, 2);
        QCOMPARE(decision.verdicts, (std::vector<Verdict>{Verdict::Kept, Verdict::Kept}));
        QVERIFY(rule->thresholds().studentConfidence.empty());
        // One sample has no variance.
        rule->observe(givenRows({0}, {1.0F, 0.0F}).batch(), decision);
        QCOMPARE(statisticsOf(*rule, "gaussian"), (std::vector<double>{0.828125, 0.2734375}));
    }

    void softMatchsSwitches() {
        auto settings = settingsOf(RuleKind::SoftMatch);
        settings.decay = 0.5;
        settings.softWeights = false;
        Given g = givenRows({0, 1}, {0.5F, 0.5F, 0.0F, 1.0F});
        g.confidences = {1.0F, 0.5F};
        g.uncertainties = {1.0F, 0.0F};
        auto rule = made(settings, peopleOf(4).population(2));
        Decision decision;
        rule->observe(g.batch(), decision);
        QCOMPARE(decision.weights, (std::vector<float>{1, 1}));
        // Its own weights times others: c of mean 0.75 gives 4/3 and 2/3.
        settings.weight = Weighting::Product;
        settings.beta = 0;
        rule = made(settings, peopleOf(4).population(2));
        rule->observe(g.batch(), decision);
        QVERIFY(std::abs(decision.weights[0] - 4.0F / 3) < 1e-6F);
        settings.softWeights = true;
        rule = made(settings, peopleOf(4).population(2));
        rule->observe(g.batch(), decision);
        // max p 0.5 and 1: μ = 0.625, σ² = (1 + 0.125)/2 = 0.5625: exp(−0.125² · 4 / 1.125) = 0.94596…
        const double soft = std::exp(-0.0625 / 1.125);
        QVERIFY(std::abs(decision.weights[0] - soft * 4 / 3) < 1e-6);
        QVERIFY(std::abs(decision.weights[1] - 2.0F / 3) < 1e-6F);
    }

    void softMatchWithoutSpread() {
        // λ = 0 and a batch of equals: σ² is 0, and nobody is below the mean.
        auto settings = settingsOf(RuleKind::SoftMatch);
        settings.decay = 0;
        const auto rule = made(settings, peopleOf(4).population(2));
        Decision decision;
        rule->observe(givenRows({0, 1, 2}, {0.9F, 0.1F, 0.9F, 0.1F, 0.1F, 0.9F}).batch(), decision);
        QVERIFY(statisticsOf(*rule, "gaussian")[1] < 1e-16);
        QCOMPARE(decision.weights, (std::vector<float>{1, 1, 1}));
    }

    void theirOwnDecayIsTheirPeers() {
        QCOMPARE(decayOf(settingsOf(RuleKind::FreeMatch)), Schedule(0.999));
        QCOMPARE(decayOf(settingsOf(RuleKind::SoftMatch)), Schedule(0.999));
        QCOMPARE(decayOf(settingsOf(RuleKind::Llkd)), Schedule(0.99));
        auto settings = settingsOf(RuleKind::FreeMatch);
        settings.decay = 0.9;
        QCOMPARE(decayOf(settings), Schedule(0.9));
        QCOMPARE(resolved(settings), settings);
        QCOMPARE(resolved(settingsOf(RuleKind::FreeMatch)).decay, std::optional<Schedule>(0.999));
        QCOMPARE(resolved(settingsOf(RuleKind::FlexMatch)).cut, std::optional<Schedule>(0.95));
        for (const auto rule : {RuleKind::All, RuleKind::Teacher, RuleKind::Oracle})
            QCOMPARE(resolved(settingsOf(rule)), settingsOf(rule));
    }
};

QTEST_GUILESS_MAIN(PeersTest)
#include "peers_test.moc"
