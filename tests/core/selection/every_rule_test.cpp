// What holds for every rule there is, one by one.
#include "tests/core/selection/given_batches.h"

#include <QtTest>
#include <limits>
#include <set>

using namespace stillroom;

namespace {

/// With a setting that makes its state worth saving: schedules, weights, and what each rule has of its own.
SelectionSettings busySettings(RuleKind kind) {
    SelectionSettings settings = workingSettings(kind);
    settings.decay = Schedule(0.9, 0.99, ScheduleShape::Linear);
    settings.weight = Weighting::Product;
    settings.alpha = Schedule(1, 2, ScheduleShape::Linear);
    settings.teacherScale = 0.9;
    if (settings.ratio)
        settings.ratio = Schedule(0.2, 0.8, ScheduleShape::Linear);
    if (settings.cut)
        settings.cut = Schedule(0.4, 0.8, ScheduleShape::Cosine);
    return settings;
}

} // namespace

class EveryRuleTest : public QObject {
    Q_OBJECT

    static void addRules() {
        QTest::addColumn<int>("rule");
        for (int i = 0; i < RuleCount; ++i)
            QTest::newRow(ruleName(static_cast<RuleKind>(i)).data()) << i;
    }

    static bool sound(const Decision& decision, std::size_t size) {
        std::int64_t kept = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const bool keeps = decision.verdicts[i] == Verdict::Kept;
            kept += keeps ? 1 : 0;
            if (decision.verdicts[i] == Verdict::Unseen || decision.keep[i] != (keeps ? 1 : 0) ||
                (!keeps && decision.weights[i] != 0) || !(decision.weights[i] >= 0))
                return false;
        }
        return decision.verdicts.size() == size && decision.keep.size() == size &&
               decision.weights.size() == size && decision.kept == kept;
    }

  private Q_SLOTS:
    void names() {
        const std::vector<std::string_view> yaml = {"all",        "random",    "teacher",   "student",
                                                    "fixmatch",   "flexmatch", "freematch", "softmatch",
                                                    "small_loss", "oracle",    "llkd"};
        std::set<std::string_view> titles;
        for (int i = 0; i < RuleCount; ++i) {
            QCOMPARE(ruleName(static_cast<RuleKind>(i)), yaml[static_cast<std::size_t>(i)]);
            titles.insert(ruleTitle(static_cast<RuleKind>(i)));
        }
        QCOMPARE(titles.size(), static_cast<std::size_t>(RuleCount));
        QCOMPARE(ruleTitle(RuleKind::FlexMatch), std::string_view("FlexMatch"));
        QVERIFY(ruleTitle(RuleKind::Llkd).find("reconstructed") != std::string_view::npos);
    }

    void restoredItContinuesIdentically_data() { addRules(); }
    void restoredItContinuesIdentically() {
        QFETCH(int, rule);
        constexpr int Classes = 5;
        constexpr std::uint32_t N = 300;
        Random random(7, "restore", static_cast<std::uint64_t>(rule));
        const People people = somePeople(random, Classes, N);
        const auto population = people.population(Classes, 3);
        const auto settings = busySettings(static_cast<RuleKind>(rule));
        constexpr int Steps = 120;
        std::vector<Given> batches;
        for (int step = 0; step < Steps; ++step) {
            batches.push_back(fullBatch(random, Classes, 32, N, 8.0 * step / Steps));
            batches.back().step = step;
            batches.back().epoch = step / 10;
            batches.back().place = RunPlace(step, 10, Steps);
        }
        for (const int cut : {0, 1, 23, 60}) { // also before the first batch, and at an epoch's end
            const auto through = made(settings, population);
            const auto first = made(settings, population);
            const auto second = made(settings, population);
            Decision a;
            Decision b;
            for (int step = 0; step < Steps; ++step) {
                if (step == cut) {
                    QVERIFY(second->restore(first->state()));
                    QVERIFY(second->state() == first->state());
                }
                const auto& g = batches[static_cast<std::size_t>(step)];
                through->observe(g.batch(), a);
                (step < cut ? first : second)->observe(g.batch(), b);
                QCOMPARE(a.verdicts, b.verdicts);
                QCOMPARE(a.keep, b.keep);
                QCOMPARE(a.weights, b.weights);
                const Thresholds expected = through->thresholds();
                const Thresholds found = (step < cut ? first : second)->thresholds();
                QCOMPARE(found.teacher, expected.teacher);
                QCOMPARE(found.student, expected.student);
                QCOMPARE(found.studentConfidence, expected.studentConfidence);
            }
            QVERIFY(second->state() == through->state());
        }
    }

    void anEditIsPartOfWhatContinues_data() { addRules(); }
    void anEditIsPartOfWhatContinues() {
        // Saved after an edit and before the next batch: the rule made with the edited settings goes on.
        QFETCH(int, rule);
        Random random(8, "edit", static_cast<std::uint64_t>(rule));
        const People people = somePeople(random, 5, 300);
        auto settings = busySettings(static_cast<RuleKind>(rule));
        const auto through = made(settings, people.population(5));
        Decision a;
        Decision b;
        for (int step = 0; step < 20; ++step)
            through->observe(fullBatch(random, 5, 32, 300, 5).batch(), a);
        settings.decay = 0.5;
        settings.classScaling = false;
        if (settings.ratio)
            settings.ratio = 0.7;
        if (settings.cut)
            settings.cut = 0.6;
        through->adjust(settings);
        const auto resumed = made(settings, people.population(5));
        QVERIFY(resumed->restore(through->state()));
        for (int step = 0; step < 20; ++step) {
            const Given g = fullBatch(random, 5, 32, 300, 5);
            through->observe(g.batch(), a);
            resumed->observe(g.batch(), b);
            QCOMPARE(a.verdicts, b.verdicts);
            QCOMPARE(a.weights, b.weights);
        }
        QVERIFY(resumed->state() == through->state());
    }

    void foreignAndDamagedStatesAreRefused_data() { addRules(); }
    void foreignAndDamagedStatesAreRefused() {
        QFETCH(int, rule);
        const auto kind = static_cast<RuleKind>(rule);
        Random random(9, "foreign");
        const People people = somePeople(random, 4, 100);
        const auto subject = made(workingSettings(kind), people.population(4));
        Decision decision;
        for (int step = 0; step < 3; ++step)
            subject->observe(fullBatch(random, 4, 16, 100, 9).batch(), decision);
        const auto before = subject->state();
        QCOMPARE(before.entries.front().name, std::string(ruleName(kind)));
        const auto refuses = [&](const RuleState& state, const std::string& word) {
            const auto result = subject->restore(state);
            return !result && result.error().message.find(word) != std::string::npos &&
                   subject->state() == before;
        };
        QVERIFY(refuses({}, "no state"));
        const auto other = kind == RuleKind::All ? RuleKind::Llkd : RuleKind::All;
        QVERIFY(refuses(made(workingSettings(other), people.population(4))->state(),
                        "'" + std::string(ruleName(other)) + "'"));
        QVERIFY(refuses(made(workingSettings(kind), people.population(5))->state(), "classes"));
        for (std::size_t entry = 1; entry < before.entries.size(); ++entry) {
            const std::string& name = before.entries[entry].name;
            auto state = before;
            state.entries[entry].values.push_back(0.5);
            QVERIFY2(refuses(state, name) || refuses(state, "samples"), name.c_str());
            state = before;
            state.entries.erase(state.entries.begin() + static_cast<std::ptrdiff_t>(entry));
            QVERIFY2(refuses(state, name), name.c_str());
            for (const double broken :
                 {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
                if (!before.entries[entry].values.empty()) {
                    state = before;
                    state.entries[entry].values.back() = broken;
                    QVERIFY2(refuses(state, name), name.c_str());
                }
        }
        if (kind == RuleKind::FlexMatch)
            for (const double label : {-2.0, 4.0, 0.5}) {
                auto state = before;
                state.entries[1].values[7] = label;
                QVERIFY(refuses(state, "memory"));
            }
    }

    void nothing_data() { addRules(); }
    void nothing() {
        QFETCH(int, rule);
        Random random(10, "nothing");
        const People people = somePeople(random, 4, 100);
        const auto subject = made(busySettings(static_cast<RuleKind>(rule)), people.population(4));
        Decision decision;
        decision.keep = {1, 1};
        decision.verdicts = {Verdict::Kept};
        subject->observe(Batch{}, decision);
        QVERIFY(sound(decision, 0));
        subject->observe(fullBatch(random, 4, 16, 100, 4).batch(), decision);
        const auto before = subject->state();
        Batch empty;
        empty.epoch = 5;
        empty.place = 0.9;
        subject->observe(empty, decision);
        QVERIFY(sound(decision, 0));
        QVERIFY(subject->state() == before);
    }

    void oneClass_data() { addRules(); }
    void oneClass() {
        QFETCH(int, rule);
        Random random(11, "one class");
        const People people = somePeople(random, 1, 64);
        const auto subject = made(workingSettings(static_cast<RuleKind>(rule)), people.population(1));
        Decision decision;
        for (int step = 0; step < 20; ++step) {
            const Given g = fullBatch(random, 1, 16, 64, 4); // the student is sure of the only class
            subject->observe(g.batch(), decision);
            QVERIFY(sound(decision, 16));
        }
    }

    void oneSample_data() { addRules(); }
    void oneSample() {
        QFETCH(int, rule);
        Random random(12, "one sample");
        People people = somePeople(random, 3, 1);
        people.gold = {0};
        const auto subject = made(workingSettings(static_cast<RuleKind>(rule)), people.population(3));
        Decision decision;
        for (int step = 0; step < 20; ++step) {
            subject->observe(fullBatch(random, 3, 1, 1, 4).batch(), decision);
            QVERIFY(sound(decision, 1));
        }
    }

    void allEqual_data() { addRules(); }
    void allEqual() {
        // Nothing tells the samples apart: they are kept or refused together, or by share or chance.
        QFETCH(int, rule);
        const auto kind = static_cast<RuleKind>(rule);
        constexpr std::size_t Size = 32;
        const People people{std::vector<std::int32_t>(Size, 1), std::vector<float>(Size, 0.9F),
                            std::vector<std::int32_t>(Size, 1)};
        const auto subject = made(workingSettings(kind), people.population(4));
        Given g = givenRows({}, {});
        for (std::uint32_t i = 0; i < Size; ++i) {
            g.samples.push_back(i);
            g.labels.push_back(1);
            g.confidences.push_back(0.9F);
            g.uncertainties.push_back(0.75F);
            g.losses.push_back(0.3F);
            g.gold.push_back(1);
            for (const float p : {0.1F, 0.7F, 0.1F, 0.1F})
                g.probabilities.push_back(p);
        }
        Decision decision;
        for (int step = 0; step < 1000; ++step) { // a thousand averages wander: the tolerance is for this
            subject->observe(g.batch(), decision);
            QVERIFY(sound(decision, Size));
            const bool share = kind == RuleKind::SmallLoss || kind == RuleKind::Random;
            QCOMPARE(decision.kept, share ? 13 : 32); // ⌈0.4 · 32⌉
        }
    }

    void aClassThatIsAbsent_data() { addRules(); }
    void aClassThatIsAbsent() {
        // Class 3 never comes, class 2 only in the first batches: no division by nothing, no NaN.
        QFETCH(int, rule);
        Random random(13, "absent");
        People people = somePeople(random, 3, 200);
        const auto subject = made(workingSettings(static_cast<RuleKind>(rule)), people.population(4));
        Decision decision;
        std::int64_t kept = 0;
        for (int step = 0; step < 200; ++step) {
            const int classes = step < 5 ? 3 : 2;
            Given g = fullBatch(random, classes, 32, 200, 5);
            std::vector<float> wide;
            for (std::size_t i = 0; i < g.samples.size(); ++i)
                for (int k = 0; k < 4; ++k)
                    wide.push_back(k < classes ? g.probabilities[i * static_cast<std::size_t>(classes) +
                                                                 static_cast<std::size_t>(k)]
                                               : 0.0F);
            g.probabilities = wide;
            subject->observe(g.batch(), decision);
            QVERIFY(sound(decision, 32));
            kept += decision.kept;
        }
        QVERIFY(kept > 200);
        for (const auto& entry : subject->state().entries)
            for (const double value : entry.values)
                QVERIFY2(std::isfinite(value), entry.name.c_str());
    }

    void whoNeedsTheStudent() {
        const People people{{0, 1}, {0.5F, 0.5F}, {0, 1}};
        for (int i = 0; i < RuleCount; ++i) {
            const auto kind = static_cast<RuleKind>(i);
            const bool needs = kind != RuleKind::All && kind != RuleKind::Random &&
                               kind != RuleKind::Teacher && kind != RuleKind::Oracle;
            QCOMPARE(made(workingSettings(kind), people.population(2))->needsScores(), needs);
        }
    }
};

QTEST_GUILESS_MAIN(EveryRuleTest)
#include "every_rule_test.moc"
