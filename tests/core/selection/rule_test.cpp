#include "core/selection/rule.h"

#include <QtTest>
#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

using namespace stillroom;

namespace {

/// N samples that own their numbers: labels i mod 3, gold equal for every second, confidences as given.
struct World {
    explicit World(std::vector<float> theirs) : confidences(std::move(theirs)) {
        for (std::size_t i = 0; i < confidences.size(); ++i) {
            samples.push_back(static_cast<std::uint32_t>(i));
            labels.push_back(static_cast<std::int32_t>(i % 3));
            gold.push_back(i % 2 == 0 ? labels.back() : (labels.back() + 1) % 3);
        }
    }

    [[nodiscard]] Population population(std::uint64_t seed = 1) const {
        Population population;
        population.classCount = 3;
        population.labels = labels;
        population.confidences = confidences;
        population.gold = gold;
        population.seed = seed;
        return population;
    }

    /// Samples [begin, end).
    [[nodiscard]] Batch batch(std::size_t begin, std::size_t end, std::int64_t epoch = 0,
                              double progress = 0) const {
        Batch batch;
        batch.epoch = epoch;
        batch.place = progress;
        const auto part = [&](const auto& all) { return std::span(all).subspan(begin, end - begin); };
        batch.samples = part(samples);
        batch.labels = part(labels);
        batch.confidences = part(confidences);
        batch.gold = part(gold);
        return batch;
    }

    std::vector<float> confidences;
    std::vector<std::uint32_t> samples;
    std::vector<std::int32_t> labels;
    std::vector<std::int32_t> gold;
};

World manyWithFewConfidences(std::size_t size) {
    std::vector<float> confidences;
    for (std::size_t i = 0; i < size; ++i)
        confidences.push_back(0.6F + 0.1F * static_cast<float>(i % 4));
    return World(confidences);
}

SelectionSettings settingsOf(RuleKind rule) {
    SelectionSettings settings;
    settings.rule = rule;
    return settings;
}

/// The samples of one epoch that the rule keeps, in batches of `size`.
std::set<std::uint32_t> keptInEpoch(Rule& rule, const World& world, std::int64_t epoch, std::size_t size,
                                    double progress = 0) {
    std::set<std::uint32_t> kept;
    Decision decision;
    for (std::size_t begin = 0; begin < world.samples.size(); begin += size) {
        const auto batch = world.batch(begin, std::min(begin + size, world.samples.size()), epoch, progress);
        rule.observe(batch, decision);
        std::size_t count = 0;
        for (std::size_t i = 0; i < batch.samples.size(); ++i)
            if (decision.keep[i] != 0) {
                ++count;
                kept.insert(batch.samples[i]);
            }
        if (static_cast<std::int64_t>(count) != decision.kept)
            qFatal("decision.kept is wrong");
    }
    return kept;
}

std::unique_ptr<Rule> made(const SelectionSettings& settings, const Population& population) {
    auto rule = makeRule(settings, population);
    if (!rule)
        qFatal("%s", rule.error().message.c_str());
    return std::move(*rule);
}

} // namespace

class RuleTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void allKeepsAll() {
        const World world({0.1F, 0.9F, 0.5F});
        const auto rule = made(settingsOf(RuleKind::All), world.population());
        QVERIFY(!rule->needsScores());
        Decision decision;
        rule->observe(world.batch(0, 3), decision);
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 1, 1}));
        QCOMPARE(decision.weights, (std::vector<float>{1, 1, 1}));
        QVERIFY(rule->thresholds().teacher.empty() && rule->thresholds().student.empty());
    }

    void weightsThatNeedTheStudentMakeAnyRuleScore() {
        const World world({0.1F, 0.9F});
        for (const auto kind : {RuleKind::All, RuleKind::Teacher, RuleKind::Oracle, RuleKind::Random}) {
            auto settings = settingsOf(kind);
            settings.ratio = 0.5;
            QVERIFY(!made(settings, world.population())->needsScores());
            settings.weight = Weighting::Product;
            QVERIFY(made(settings, world.population())->needsScores());
        }
    }

    void oracleKeepsWhatIsRight() {
        World world({0.1F, 0.9F, 0.5F, 0.5F});
        world.gold = {0, 2, 2, -1}; // labels 0 1 2 0; the last one is not known
        const auto rule = made(settingsOf(RuleKind::Oracle), world.population());
        Decision decision;
        rule->observe(world.batch(0, 4), decision);
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 0, 1, 0}));
        QCOMPARE(decision.verdicts,
                 (std::vector<Verdict>{Verdict::Kept, Verdict::LabelWrong, Verdict::Kept, Verdict::NoGold}));
    }

    void oracleNeedsGold() {
        World world({0.1F, 0.9F});
        world.gold = {-1, -1};
        const auto rule = makeRule(settingsOf(RuleKind::Oracle), world.population());
        QVERIFY(!rule);
        QVERIFY(rule.error().message.find("gold") != std::string::npos);
        world.gold.clear();
        QVERIFY(!makeRule(settingsOf(RuleKind::Oracle), world.population()));
    }

    void randomKeepsAnExactShareEveryEpoch() {
        const World world = manyWithFewConfidences(1003);
        auto settings = settingsOf(RuleKind::Random);
        settings.ratio = 0.16;
        const auto rule = made(settings, world.population());
        QVERIFY(!rule->needsScores());
        std::vector<std::set<std::uint32_t>> epochs;
        for (std::int64_t epoch = 0; epoch < 10; ++epoch)
            epochs.push_back(keptInEpoch(*rule, world, epoch, 64));
        std::set<std::uint32_t> ever;
        for (const auto& kept : epochs) {
            QCOMPARE(kept.size(), std::size_t{161}); // ⌈160.48⌉
            ever.insert(kept.begin(), kept.end());
        }
        // Independent epochs see 1 − 0.84¹⁰ = 0.825 of the samples: 828 ± 10.
        QVERIFY2(ever.size() > 780 && ever.size() < 875, std::to_string(ever.size()).c_str());
        // It is the samples that are drawn, not the batches: another batch size keeps the same.
        const auto again = made(settings, world.population());
        QVERIFY(keptInEpoch(*again, world, 3, 10) == epochs[3]);
        const auto other = made(settings, world.population(2));
        QVERIFY(keptInEpoch(*other, world, 3, 10) != epochs[3]);
    }

    void randomWithoutResamplingKeepsTheSame() {
        const World world = manyWithFewConfidences(100);
        auto settings = settingsOf(RuleKind::Random);
        settings.ratio = 0.07; // 0.07 · 100 is a little more than 7 in doubles
        settings.resample = false;
        const auto rule = made(settings, world.population());
        const auto first = keptInEpoch(*rule, world, 0, 8);
        QCOMPARE(first.size(), std::size_t{7});
        QVERIFY(keptInEpoch(*rule, world, 1, 8) == first);
        QVERIFY(keptInEpoch(*rule, world, 9, 8) == first);
    }

    void aScheduledShareStandsForAnEpochAndIsNested() {
        const World world = manyWithFewConfidences(200);
        auto settings = settingsOf(RuleKind::Random);
        settings.ratio = Schedule(0.1, 0.5, ScheduleShape::Linear);
        settings.resample = false;
        const auto rule = made(settings, world.population());
        const auto small = keptInEpoch(*rule, world, 0, 200, 0);
        const auto large = keptInEpoch(*rule, world, 1, 200, 1);
        QCOMPARE(small.size(), std::size_t{20});
        QCOMPARE(large.size(), std::size_t{100});
        QVERIFY(std::includes(large.begin(), large.end(), small.begin(), small.end()));
        // A later batch of the same epoch: still 0.5.
        QCOMPARE(keptInEpoch(*rule, world, 1, 200, 0.2).size(), std::size_t{100});
        // An edit is in force at once.
        settings.ratio = 0.25;
        rule->adjust(settings);
        QCOMPARE(keptInEpoch(*rule, world, 1, 200, 0.2).size(), std::size_t{50});
    }

    void randomContinuesAfterRestoring() {
        const World world = manyWithFewConfidences(500);
        auto settings = settingsOf(RuleKind::Random);
        settings.ratio = Schedule(0.2, 0.8, ScheduleShape::Linear);
        const auto through = made(settings, world.population());
        Decision a;
        Decision b;
        through->observe(world.batch(0, 100, 4, 0.25), a);
        const auto resumed = made(settings, world.population());
        QVERIFY(resumed->restore(through->state()));
        QVERIFY(resumed->state() == through->state());
        // The epoch's share was fixed at 0.25 of the run; a rule that forgot it would draw anew here.
        through->observe(world.batch(100, 500, 4, 0.9), a);
        resumed->observe(world.batch(100, 500, 4, 0.9), b);
        QCOMPARE(a.keep, b.keep);
        // Restored before the first batch it draws as a new one does.
        const auto fresh = made(settings, world.population());
        const auto blank = made(settings, world.population());
        QVERIFY(blank->restore(fresh->state()));
        QVERIFY(keptInEpoch(*blank, world, 0, 50) == keptInEpoch(*fresh, world, 0, 50));
    }

    void randomRefusesForeignStates() {
        const World world = manyWithFewConfidences(500);
        const World smaller = manyWithFewConfidences(400);
        auto settings = settingsOf(RuleKind::Random);
        settings.ratio = 0.5;
        const auto rule = made(settings, world.population());
        keptInEpoch(*rule, world, 2, 50);
        const auto before = rule->state();
        QVERIFY(!rule->restore(made(settings, smaller.population())->state()));
        QVERIFY(!rule->restore(made(settingsOf(RuleKind::All), world.population())->state()));
        auto damaged = before;
        damaged.entries[2].values[1] = 501;
        QVERIFY(!rule->restore(damaged));
        damaged.entries[2].values[1] = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(!rule->restore(damaged));
        QVERIFY(rule->state() == before);
    }

    void teacherCutIsAtLeast() {
        // 0.95 as a float is 0.949999988: it has to count as 0.95.
        const World world({0.95F, 0.94F, 0.96F, 0.9499F});
        auto settings = settingsOf(RuleKind::Teacher);
        settings.cut = 0.95;
        const auto rule = made(settings, world.population());
        QVERIFY(rule->thresholds().teacher.empty()); // nothing observed yet
        Decision decision;
        rule->observe(world.batch(0, 4), decision);
        QCOMPARE(decision.keep, (std::vector<std::uint8_t>{1, 0, 1, 0}));
        QCOMPARE(decision.verdicts[1], Verdict::TeacherUnsure);
        QCOMPARE(rule->thresholds().teacher, (std::vector<double>{0.95, 0.95, 0.95}));
        QVERIFY(rule->thresholds().student.empty());
    }

    void teacherCutFollowsItsSchedule() {
        const World world({0.5F, 0.7F, 0.9F});
        auto settings = settingsOf(RuleKind::Teacher);
        settings.cut = Schedule(0.9, 0.5, ScheduleShape::Linear);
        const auto rule = made(settings, world.population());
        Decision decision;
        rule->observe(world.batch(0, 3, 0, 0), decision);
        QCOMPARE(decision.kept, 1);
        rule->observe(world.batch(0, 3, 0, 0.5), decision);
        QCOMPARE(decision.kept, 2);
        rule->observe(world.batch(0, 3, 0, 1), decision);
        QCOMPARE(decision.kept, 3);
    }

    void teacherShareIsExactInsideATie() {
        // 250 each of 0.6, 0.7, 0.8, 0.9: the top 0.3 are all of 0.9 and fifty of 0.8.
        const World world = manyWithFewConfidences(1000);
        auto settings = settingsOf(RuleKind::Teacher);
        settings.ratio = 0.3;
        const auto rule = made(settings, world.population());
        const auto kept = keptInEpoch(*rule, world, 0, 64);
        QCOMPARE(kept.size(), std::size_t{300});
        QCOMPARE(std::count_if(kept.begin(), kept.end(), [](auto sample) { return sample % 4 == 3; }), 250);
        QCOMPARE(std::count_if(kept.begin(), kept.end(), [](auto sample) { return sample % 4 == 2; }), 50);
        QVERIFY(std::abs(rule->thresholds().teacher[0] - 0.8) < 1e-6);
        QVERIFY(keptInEpoch(*rule, world, 5, 7) == kept); // the same every epoch
        const auto other = made(settings, world.population(2));
        QVERIFY(keptInEpoch(*other, world, 0, 64) != kept); // the tie is broken by the seed
    }

    void teacherChangesFromCutToShareInFlight() {
        const World world = manyWithFewConfidences(100);
        auto settings = settingsOf(RuleKind::Teacher);
        settings.cut = 0.75;
        const auto rule = made(settings, world.population());
        QCOMPARE(keptInEpoch(*rule, world, 0, 10).size(), std::size_t{50});
        settings.cut.reset();
        settings.ratio = 0.1;
        rule->adjust(settings);
        QCOMPARE(keptInEpoch(*rule, world, 0, 10).size(), std::size_t{10});
        const auto restored = made(settings, world.population());
        QVERIFY(restored->restore(rule->state()));
        QVERIFY(restored->state() == rule->state());
        QCOMPARE(restored->thresholds().teacher, rule->thresholds().teacher);
    }
};

QTEST_GUILESS_MAIN(RuleTest)
#include "rule_test.moc"
