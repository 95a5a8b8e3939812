// comparisonCsv of app/cli/compare_output.h.
#include "app/cli/compare_output.h"
#include "core/base/number.h"
#include "core/experiment/answers_csv.h"

#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stillroom::cli {

namespace {

/// Numbers are written as they are: a minus at the beginning is no formula.
std::string number(std::optional<double> value) {
    return value && std::isfinite(*value) ? writeNumber(*value) : std::string();
}

std::string lowOf(const std::optional<Interval>& interval) {
    return interval ? number(interval->low) : std::string();
}

std::string highOf(const std::optional<Interval>& interval) {
    return interval ? number(interval->high) : std::string();
}

std::string headLine() {
    std::vector<std::string> head{"data_set", "configuration", "baseline", "runs", "seeds"};
    for (const RunMetric metric : AllRunMetrics)
        for (const char* part : {"mean", "sd", "low", "high"})
            head.push_back(fmt::format("{}_{}", metricName(metric), part));
    for (const char* name :
         {"compared", "difference", "difference_low", "difference_high", "pairs", "p", "p_holm",
          "p_benjamini_hochberg", "p_wilcoxon", "p_sign_flip", "effect_size", "finding", "sentence"})
        head.emplace_back(name);
    return fmt::format("{}\r\n", fmt::join(head, ","));
}

void addMetrics(std::vector<std::string>& cells, const ComparedConfiguration& one) {
    for (const auto& summary : one.metrics) {
        const bool any = summary.said.count > 0;
        cells.push_back(any ? number(summary.said.mean) : "");
        cells.push_back(summary.said.count > 1 ? number(summary.said.deviation) : "");
        cells.push_back(lowOf(summary.interval));
        cells.push_back(highOf(summary.interval));
    }
}

void addDifference(std::vector<std::string>& cells, const ComparedConfiguration& one, RunMetric metric) {
    const Difference& difference = one.difference;
    const bool any = !difference.values.empty();
    const bool tested = difference.p.has_value();
    cells.emplace_back(metricName(metric));
    cells.push_back(any ? number(difference.said.mean) : "");
    cells.push_back(lowOf(difference.interval));
    cells.push_back(highOf(difference.interval));
    cells.push_back(std::to_string(difference.values.size()));
    cells.push_back(number(difference.p));
    cells.push_back(tested ? number(difference.correctedP) : "");
    cells.push_back(tested ? number(difference.falseDiscoveryP) : "");
    cells.push_back(number(difference.wilcoxonP));
    cells.push_back(number(difference.signFlipP));
    cells.push_back(number(difference.effectSize));
    cells.emplace_back(findingName(difference.finding));
    cells.push_back(csvCell(one.sentence));
}

} // namespace

std::string comparisonCsv(const Comparison& comparison) {
    constexpr std::size_t DifferenceColumns = 13;
    std::string text = headLine();
    for (const auto& set : comparison.dataSets)
        for (std::size_t i = 0; i < set.configurations.size(); ++i) {
            const auto& one = set.configurations[i];
            std::vector<std::int64_t> seeds;
            for (const RunSummary* run : one.configuration.runs)
                seeds.push_back(run->seed);
            std::vector<std::string> cells{csvCell(set.name), csvCell(one.configuration.label),
                                           i == set.baseline ? "1" : "0", std::to_string(seeds.size()),
                                           fmt::format("{}", fmt::join(seeds, " "))};
            addMetrics(cells, one);
            if (i == set.baseline)
                cells.resize(cells.size() + DifferenceColumns);
            else
                addDifference(cells, one, comparison.options.metric);
            text += fmt::format("{}\r\n", fmt::join(cells, ","));
        }
    return text;
}

} // namespace stillroom::cli
