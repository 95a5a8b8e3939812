#include "core/experiment/difference.h"

#include "core/experiment/bootstrap.h"
#include "core/experiment/multiple_comparisons.h"
#include "core/experiment/paired_tests.h"
#include "core/experiment/test_set_bootstrap.h"

#include <algorithm>
#include <cmath>

namespace stillroom {

namespace {

struct Pair {
    const RunSummary* one = nullptr;
    const RunSummary* baseline = nullptr;
};

/// 0.71 − 0.70 and 0.72 − 0.71 are to be the same difference.
double withoutRounding(double difference) {
    return std::round(difference * 1e12) / 1e12;
}

std::vector<Pair> pairUp(const Configuration& configuration, const Configuration& baseline, RunMetric metric,
                         Difference& difference) {
    std::vector<Pair> pairs;
    for (const RunSummary* one : configuration.runs)
        for (const RunSummary* other : baseline.runs) {
            if (one->seed != other->seed)
                continue;
            const auto a = metricOf(*one, metric);
            const auto b = metricOf(*other, metric);
            if (!a || !b || !std::isfinite(*a) || !std::isfinite(*b))
                continue;
            pairs.push_back({one, other});
            difference.seeds.push_back(one->seed);
            difference.values.push_back(withoutRounding(*a - *b));
        }
    return pairs;
}

void testSeeds(Difference& difference, double level) {
    difference.source = Difference::Source::Seeds;
    difference.interval = meanInterval(difference.values, level);
    BootstrapSettings settings;
    settings.level = level;
    difference.bootstrap = bootstrapMeanInterval(difference.values, settings);
    difference.p = pairedTTest(difference.values).p;
    difference.wilcoxonP = wilcoxonTest(difference.values).p;
    difference.signFlipP = signFlipTest(difference.values).p;
    difference.effectSize = hedgesGz(difference.values);
}

void testRows(Difference& difference, const Pair& pair, RunMetric metric, double level,
              const PredictionReader& predictions) {
    const auto first = predictions(pair.one->folder);
    const auto second = predictions(pair.baseline->folder);
    if (!first || !second || !*first || !*second || !sameTestRows(**first, **second))
        return;
    const TestPredictions& one = **first;
    const TestPredictions& other = **second;
    difference.source = Difference::Source::TestSet;
    difference.testRows = static_cast<std::int64_t>(one.rows.size());
    difference.mcnemar = mcnemarTest(one.gold, one.predicted, other.predicted);
    TestSetSettings settings;
    settings.level = level;
    const auto drawn = testSetDifferences(one.gold, one.predicted, other.predicted,
                                          static_cast<int>(pair.one->classes.size()), settings);
    const bool accuracy = metric == RunMetric::Accuracy;
    difference.interval = accuracy ? drawn.accuracy : drawn.macroF1;
    difference.p = accuracy ? difference.mcnemar->exactP : drawn.macroF1P;
}

Finding findingOf(const Difference& difference, double level) {
    const bool byRows = difference.source == Difference::Source::TestSet;
    if (difference.values.empty())
        return Finding::Unpaired;
    if (difference.values.size() < FewestPairs && !byRows)
        return Finding::TooFew;
    const bool noneDiffers = difference.said.lowest == 0 && difference.said.highest == 0;
    if (noneDiffers && (!byRows || (difference.interval->low == 0 && difference.interval->high == 0)))
        return Finding::Same;
    if (!difference.interval || difference.interval->covers(0) || difference.p.value_or(1) >= 1 - level)
        return Finding::NotShown;
    if (difference.correctedP >= 1 - level)
        return Finding::NotAfterCorrection;
    return difference.said.mean > 0 ? Finding::Higher : Finding::Lower;
}

} // namespace

Difference differenceOf(const Configuration& configuration, const Configuration& baseline, RunMetric metric,
                        double level, const PredictionReader& predictions) {
    Difference difference;
    const auto pairs = pairUp(configuration, baseline, metric, difference);
    difference.said = describe(difference.values);
    if (pairs.size() >= 2)
        testSeeds(difference, level);
    else if (pairs.size() == 1 && hasTestRows(metric))
        testRows(difference, pairs.front(), metric, level, predictions);
    return difference;
}

void decideFindings(std::vector<Difference*> differences, double level) {
    std::vector<double> p;
    std::vector<Difference*> tested;
    for (auto* difference : differences)
        if (difference->p) {
            tested.push_back(difference);
            p.push_back(*difference->p);
        }
    const auto holm = holmCorrected(p);
    const auto discovery = benjaminiHochbergCorrected(p);
    for (std::size_t i = 0; i < tested.size(); ++i) {
        tested[i]->correctedP = holm[i];
        tested[i]->falseDiscoveryP = discovery[i];
    }
    for (auto* difference : differences)
        difference->finding = findingOf(*difference, level);
}

} // namespace stillroom
