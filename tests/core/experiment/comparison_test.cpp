// comparison, difference and comparison_words of core/experiment.
#include "core/experiment/comparison.h"

#include "core/experiment/comparison_words.h"
#include "made_summaries.h"

#include <QtTest>
#include <cmath>

using namespace stillroom;

namespace {

Result<std::optional<TestPredictions>> noPredictions(const std::string&) {
    return std::optional<TestPredictions>();
}

/// Runs of seeds 1, 2, …, each with so many of 100 right.
void add(std::vector<RunSummary>& runs, const std::string& rule, std::initializer_list<std::int64_t> right,
         const std::map<std::string, std::string>& settings = {}) {
    std::int64_t seed = 0;
    for (const auto each : right)
        runs.push_back(madeSummary(rule, ++seed, each, settings));
}

Comparison compared(const std::vector<RunSummary>& runs, const ComparisonOptions& options = {},
                    const PredictionReader& predictions = noPredictions) {
    auto comparison = compareRuns(runs, options, predictions);
    if (!comparison)
        qFatal("%s", comparison.error().message.c_str());
    return *std::move(comparison);
}

bool claims(const std::string& sentence) {
    for (const char* word : {"higher", "lower", "better", "worse", "longer", "shorter"})
        if (sentence.find(word) != std::string::npos)
            return true;
    return false;
}

bool near(double a, double b) {
    return std::fabs(a - b) < 1e-9;
}

} // namespace

class ComparisonTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void ofPairsOverSeeds() {
        std::vector<RunSummary> runs;
        add(runs, "llkd", {72, 74, 73, 76, 75});
        add(runs, "all", {70, 71, 71, 73, 72}); // differences 2, 3, 2, 3, 3 of 100
        const Comparison comparison = compared(runs);
        QCOMPARE(comparison.dataSets.size(), std::size_t{1});
        const auto& set = comparison.dataSets[0];
        QCOMPARE(set.configurations[set.baseline].configuration.label, std::string("all"));
        const auto& llkd = set.configurations[0];
        const auto& accuracy = comparison.metric(llkd);
        QVERIFY(near(accuracy.said.mean, 0.74) && near(accuracy.said.deviation, std::sqrt(0.00025)));
        QVERIFY(accuracy.interval && !accuracy.fromTestSet && accuracy.bootstrap);
        const Difference& difference = llkd.difference;
        QCOMPARE(difference.seeds, (std::vector<std::int64_t>{1, 2, 3, 4, 5}));
        QVERIFY(near(difference.said.mean, 0.026));
        // scipy 1.17: ttest_rel, t interval; all signs alike, so 2/32 by signs.
        QVERIFY(near(difference.interval->low, 0.019199126193417446));
        QVERIFY(near(difference.interval->high, 0.03280087380658256));
        QVERIFY(near(*difference.p, 0.0004459536647407949));
        QVERIFY(near(*difference.signFlipP, 0.0625) && near(*difference.wilcoxonP, 0.0625));
        QVERIFY(difference.effectSize && *difference.effectSize > 3);
        QCOMPARE(difference.finding, Finding::Higher);
        QCOMPARE(llkd.sentence,
                 std::string("llkd is 2.60 points higher in accuracy than all (95 % interval +1.92 to "
                             "+3.28, 5 pairs, p < 0.001)"));
        // The other way round it is lower, by as much.
        ComparisonOptions options;
        options.baseline = {{"rule", "llkd"}};
        const Comparison turned = compared(runs, options);
        QCOMPARE(turned.dataSets[0].baseline, std::size_t{0});
        QVERIFY(turned.dataSets[0].configurations[1].sentence.starts_with(
            "all is 2.60 points lower in accuracy than "
            "llkd ("));
    }

    void noWordIsSaidThatTheNumbersDoNotBear() {
        std::vector<RunSummary> runs;
        add(runs, "all", {70, 71, 71, 73, 72});
        add(runs, "llkd", {71, 70, 73, 72, 72}); // +1, -1, +2, -1, 0
        add(runs, "random", {60, 61});           // far off, but two pairs
        add(runs, "teacher", {70, 71, 71, 73, 72});
        add(runs, "oracle", {});
        runs.push_back(madeSummary("oracle", 17, 90)); // no seed in common
        const Comparison comparison = compared(runs);
        const auto& all = comparison.dataSets[0].configurations;
        QCOMPARE(all[1].difference.finding, Finding::NotShown);
        QCOMPARE(all[1].sentence.substr(0, 64),
                 std::string("llkd and all: no difference in accuracy is shown (+0.20 points, "));
        QCOMPARE(all[2].difference.finding, Finding::TooFew);
        QCOMPARE(all[2].sentence,
                 std::string("random and all: 2 pairs of the same seed, too few to say anything of "
                             "accuracy (-10.00 points)"));
        QCOMPARE(all[3].difference.finding, Finding::Same);
        QCOMPARE(all[3].sentence, std::string("teacher and all are equal in accuracy (in each of 5 pairs)"));
        QCOMPARE(all[4].difference.finding, Finding::Unpaired);
        for (const auto& one : all)
            QVERIFY2(!claims(one.sentence), one.sentence.c_str());
    }

    void manyComparisonsAreAllowedFor() {
        std::vector<RunSummary> runs;
        add(runs, "all", {70, 71, 71, 73, 72});
        for (int i = 0; i < 9; ++i)
            add(runs, "llkd", {71, 74, 73, 73, 75}, {{"selection.decay", "0." + std::to_string(90 + i)}});
        const auto nine = compared(runs).dataSets[0].configurations[1];
        QVERIFY(!nine.difference.interval->covers(0) && *nine.difference.p < 0.05);
        QVERIFY(near(nine.difference.correctedP, 9 * *nine.difference.p));
        QCOMPARE(nine.difference.finding, Finding::NotAfterCorrection);
        QVERIFY2(!claims(nine.sentence) && nine.sentence.find("9 comparisons") != std::string::npos,
                 nine.sentence.c_str());
        runs.resize(10); // one of them alone
        const auto one = compared(runs).dataSets[0].configurations[1];
        QCOMPARE(one.difference.finding, Finding::Higher);
    }

    void whatDoesNotVary() {
        std::vector<RunSummary> runs;
        add(runs, "all", {70, 71, 72});
        add(runs, "llkd", {70, 71, 72});
        for (auto& run : runs)
            run.counts.gradient = run.rule == "all" ? 10000 : 5000;
        ComparisonOptions options;
        options.metric = RunMetric::GradientShare;
        const auto llkd = compared(runs, options).dataSets[0].configurations[1];
        QCOMPARE(llkd.sentence,
                 std::string("llkd is 50.00 points lower in gradient share than all (the same in each "
                             "of 3 pairs)"));
    }

    void ofOneRunEachByItsTestRows() {
        std::vector<RunSummary> runs{madeSummary("all", 1, 70), madeSummary("llkd", 1, 80)};
        const auto predicted = [](const std::string& folder) -> Result<std::optional<TestPredictions>> {
            TestPredictions said;
            const std::uint32_t begin =
                folder.find("llkd") == std::string::npos ? 0 : 500; // other data before
            for (std::uint32_t i = 0; i < 200; ++i) {
                said.rows.push_back(begin + i);
                said.gold.push_back(i % 2 == 0 ? 0 : 1);
                const bool right = i / 2 < (begin == 0 ? 70U : 80U);
                said.predicted.push_back(right ? said.gold.back() : 1 - said.gold.back());
            }
            return std::optional(said);
        };
        const Comparison comparison = compared(runs, {}, predicted);
        const auto& all = comparison.dataSets[0].configurations;
        const auto& own = comparison.metric(all[0]);
        QVERIFY(own.fromTestSet && own.interval && own.interval->covers(0.7) && !own.bootstrap);
        const Difference& difference = all[1].difference;
        QCOMPARE(difference.source, Difference::Source::TestSet);
        QCOMPARE(difference.mcnemar->onlyFirst, std::int64_t{20});
        QCOMPARE(difference.mcnemar->onlySecond, std::int64_t{0});
        QVERIFY(near(*difference.p, std::pow(0.5, 19)));
        QVERIFY2(all[1].sentence.starts_with(
                     "llkd is 10.00 points higher in accuracy than all (95 % interval +") &&
                     all[1].sentence.ends_with(
                         "from the test set alone, 200 test texts, McNemar p < 0.001); one run "
                         "each, and other seeds may say something else"),
                 all[1].sentence.c_str());
        // Without predictions nothing can be said, whatever the distance.
        const auto without = compared(runs).dataSets[0].configurations[1];
        QCOMPARE(without.difference.finding, Finding::TooFew);
        QVERIFY(!claims(without.sentence));
    }

    void dataSetsAreRankedNotMixed() {
        std::vector<RunSummary> runs;
        for (int set = 0; set < 6; ++set)
            for (const auto& [rule, right] :
                 {std::pair("all", 70), std::pair("llkd", 75), std::pair("random", 60)})
                add(runs, rule, {right, right + 1, right + 2}, {{"data.test.files", std::to_string(set)}});
        add(runs, "oracle", {90, 91, 92}, {{"data.test.files", "0"}}); // on one alone: not ranked
        const Comparison comparison = compared(runs);
        QCOMPARE(comparison.dataSets.size(), std::size_t{6});
        QVERIFY(comparison.ranks.has_value());
        QCOMPARE(comparison.ranks->labels, (std::vector<std::string>{"all", "llkd", "random"}));
        QCOMPARE(comparison.ranks->friedman.averageRanks, (std::vector<double>{2, 1, 3}));
        QVERIFY(comparison.ranks->sentence.find("They differ (Friedman p = 0.002)") != std::string::npos);
        QCOMPARE(comparison.remarks.size(), std::size_t{1});
        QVERIFY(comparison.remarks[0].find("not compared with each other") != std::string::npos);
        // Few data sets are not enough.
        const auto few = compared({runs.begin(), runs.begin() + 18});
        QVERIFY(few.ranks && few.ranks->sentence.find("2 data sets are too few") != std::string::npos);
    }

    void whatIsWrong() {
        std::vector<RunSummary> runs;
        add(runs, "all", {70, 71});
        add(runs, "random", {60, 61}, {{"selection.ratio", "0.16"}});
        add(runs, "random", {60, 61}, {{"selection.ratio", "0.49"}});
        const auto says = [&](std::vector<std::pair<std::string, std::string>> baseline, const char* part) {
            ComparisonOptions options;
            options.baseline = std::move(baseline);
            const auto comparison = compareRuns(runs, options, noPredictions);
            return !comparison && comparison.error().kind == ErrorKind::Usage &&
                   comparison.error().message.find(part) != std::string::npos;
        };
        QVERIFY(
            says({{"rule", "llkd"}}, "no configuration has that; there are all; random, ratio=0.16; random"));
        QVERIFY(says({{"rule", "random"}}, "is true of 2 configurations"));
        QVERIFY(says({{"selection.rul", "all"}}, "did you mean 'selection.rule'?"));
        ComparisonOptions options;
        options.baseline = {{"selection.rule", "random"}, {"ratio", "0.490"}};
        const auto comparison = compareRuns(runs, options, noPredictions);
        QVERIFY(comparison && comparison->dataSets[0].baseline == 2);
        for (auto& run : runs)
            run.state = RunSummary::State::Running;
        QVERIFY(!compareRuns(runs, {}, noPredictions));
        Progress cancelled;
        cancelled.cancel();
        for (auto& run : runs)
            run.state = RunSummary::State::Completed;
        const auto nothing = compareRuns(runs, {}, noPredictions, &cancelled);
        QVERIFY(!nothing && nothing.error().kind == ErrorKind::Cancelled);
    }

    void numbersAsWords() {
        QCOMPARE(probabilityText(0.0004), std::string("p < 0.001"));
        QCOMPARE(probabilityText(0.0496), std::string("p = 0.050"));
        QCOMPARE(probabilityText(0.24), std::string("p = 0.24"));
        QCOMPARE(differenceText(-0.00001, RunMetric::Accuracy), std::string("+0.00"));
        QCOMPARE(differenceText(-0.003, RunMetric::Accuracy), std::string("-0.30"));
        QCOMPARE(differenceText(1.5, RunMetric::Seconds), std::string("+1.50"));
        QCOMPARE(metricText(0.12346, RunMetric::Loss), std::string("0.1235"));
        QCOMPARE(levelText(0.95), std::string("95 %"));
        QCOMPARE(levelText(0.995), std::string("99.5 %"));
    }
};

QTEST_GUILESS_MAIN(ComparisonTest)
#include "comparison_test.moc"
