#include "core/experiment/comparison_words.h"

#include "core/base/number.h"

#include <cmath>
#include <fmt/format.h>

namespace stillroom {

namespace {

int decimalsOf(RunMetric metric) {
    return metric == RunMetric::Loss ? 4 : 2;
}

double shown(double value, RunMetric metric) {
    return isShare(metric) ? 100 * value : value;
}

/// " points", " seconds".
std::string_view unitOf(RunMetric metric) {
    return isShare(metric) ? " points" : metric == RunMetric::Seconds ? " seconds" : "";
}

std::string intervalWords(const Difference& difference, RunMetric metric, double level) {
    return fmt::format("{} interval {} to {}{}", levelText(level),
                       differenceText(difference.interval->low, metric),
                       differenceText(difference.interval->high, metric),
                       difference.source == Difference::Source::TestSet ? " from the test set alone" : "");
}

std::string probabilityWords(const Difference& difference, std::size_t comparisons) {
    std::string words;
    if (difference.source == Difference::Source::TestSet && difference.mcnemar &&
        *difference.p == difference.mcnemar->exactP)
        words = "McNemar ";
    words += probabilityText(*difference.p);
    if (comparisons > 1)
        words += fmt::format(", corrected for {} comparisons {}", comparisons,
                             probabilityText(difference.correctedP));
    return words;
}

/// What stands behind a difference, in brackets.
std::string evidence(const Difference& difference, RunMetric metric, double level, std::size_t comparisons) {
    std::string words;
    const auto add = [&](const std::string& more) { words += words.empty() ? more : ", " + more; };
    const std::size_t pairs = difference.values.size();
    const bool varies = difference.said.deviation > 0 || difference.source == Difference::Source::TestSet;
    if (difference.interval && varies)
        add(intervalWords(difference, metric, level));
    if (difference.source == Difference::Source::TestSet)
        add(fmt::format("{} test texts", groupThousands(difference.testRows)));
    else if (varies)
        add(fmt::format("{} {}", pairs, pairs == 1 ? "pair" : "pairs"));
    else
        add(fmt::format("the same in each of {} pairs", pairs));
    if (difference.p && varies)
        add(probabilityWords(difference, comparisons));
    return words;
}

/// "0.80 points higher in accuracy than".
std::string direction(const Difference& difference, RunMetric metric) {
    const bool higher = difference.finding == Finding::Higher;
    const std::string size = fmt::format("{:.{}f}{}", std::fabs(shown(difference.said.mean, metric)),
                                         decimalsOf(metric), unitOf(metric));
    if (metric == RunMetric::Seconds)
        return fmt::format("trains {} {} than", size, higher ? "longer" : "shorter");
    return fmt::format("is {} {} in {} than", size, higher ? "higher" : "lower", metricWords(metric));
}

} // namespace

std::string levelText(double level) {
    return writeNumber(std::round(level * 1e6) / 1e4) + " %";
}

std::string probabilityText(double p) {
    return p < 0.001 ? "p < 0.001" : fmt::format("p = {:.{}f}", p, p < 0.1 ? 3 : 2);
}

std::string metricText(double value, RunMetric metric) {
    return fmt::format("{:.{}f}", shown(value, metric), decimalsOf(metric));
}

std::string differenceText(double difference, RunMetric metric) {
    std::string text = fmt::format("{:+.{}f}", shown(difference, metric), decimalsOf(metric));
    // Nothing is not less than nothing.
    if (text.find_first_not_of("-0.") == std::string::npos)
        text[0] = '+';
    return text;
}

std::string differenceSentence(const std::string& label, const std::string& baseline,
                               const Difference& difference, RunMetric metric, double level,
                               std::size_t comparisons) {
    const auto words = metricWords(metric);
    const std::string seen = difference.values.empty()
                                 ? std::string()
                                 : differenceText(difference.said.mean, metric) + std::string(unitOf(metric));
    const auto proof = [&] { return evidence(difference, metric, level, comparisons); };
    std::string sentence;
    switch (difference.finding) {
    case Finding::Higher:
    case Finding::Lower:
        sentence = fmt::format("{} {} {} ({})", label, direction(difference, metric), baseline, proof());
        break;
    case Finding::Same:
        sentence = fmt::format("{} and {} are equal in {} ({})", label, baseline, words,
                               difference.source == Difference::Source::TestSet
                                   ? "on the same test texts"
                                   : fmt::format("in each of {} pairs", difference.values.size()));
        break;
    case Finding::NotShown:
        sentence = fmt::format("{} and {}: no difference in {} is shown ({}, {})", label, baseline, words,
                               seen, proof());
        break;
    case Finding::NotAfterCorrection:
        sentence =
            fmt::format("{} and {}: no difference in {} is shown once the {} comparisons are allowed for "
                        "({}, {})",
                        label, baseline, words, comparisons, seen, proof());
        break;
    case Finding::TooFew:
        sentence = fmt::format("{} and {}: {} {} of the same seed, too few to say anything of {} ({})", label,
                               baseline, difference.values.size(),
                               difference.values.size() == 1 ? "pair" : "pairs", words, seen);
        break;
    case Finding::Unpaired:
        return fmt::format("{} and {}: no two runs of the same seed have both a number for {}, so nothing is "
                           "compared",
                           label, baseline, words);
    }
    if (difference.source == Difference::Source::TestSet)
        sentence += "; one run each, and other seeds may say something else";
    return sentence;
}

std::string ranksSentence(const ComparedRanks& ranks, RunMetric metric, double level) {
    constexpr std::size_t FewestDataSets = 5;
    std::string sentence =
        fmt::format("Average ranks by {} over {} data sets:", metricWords(metric), ranks.friedman.dataSets);
    for (std::size_t i = 0; i < ranks.labels.size(); ++i)
        sentence +=
            fmt::format("{} {} {:.2f}", i == 0 ? "" : ";", ranks.labels[i], ranks.friedman.averageRanks[i]);
    if (ranks.friedman.dataSets < FewestDataSets)
        return sentence +
               fmt::format(". {} data sets are too few to say that ranks differ", ranks.friedman.dataSets);
    if (ranks.friedman.p >= 1 - level)
        return sentence +
               fmt::format(". No difference is shown (Friedman {})", probabilityText(ranks.friedman.p));
    return sentence +
           fmt::format(". They differ (Friedman {}); two of them do where they are further apart than "
                       "{:.2f} (Nemenyi, {})",
                       probabilityText(ranks.friedman.p), ranks.criticalDifference, levelText(level));
}

} // namespace stillroom
