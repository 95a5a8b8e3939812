// comparisonText of app/cli/compare_output.h.
#include "app/cli/compare_output.h"
#include "core/base/number.h"
#include "core/experiment/comparison_words.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stillroom::cli {

namespace {

/// Cells in columns as wide as they need, the first to the left, the others to the right.
class Table {
  public:
    void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

    [[nodiscard]] std::string text() const {
        std::vector<std::size_t> widths;
        for (const auto& row : rows_)
            for (std::size_t i = 0; i < row.size(); ++i) {
                widths.resize(std::max(widths.size(), row.size()));
                widths[i] = std::max(widths[i], length(row[i]));
            }
        std::string text;
        for (const auto& row : rows_) {
            std::string line;
            for (std::size_t i = 0; i < row.size(); ++i) {
                const std::string space(widths[i] - length(row[i]), ' ');
                line += i == 0 ? row[i] + space : "  " + space + row[i];
            }
            line.erase(line.find_last_not_of(' ') + 1);
            text += line + "\n";
        }
        return text;
    }

  private:
    /// In characters.
    static std::size_t length(const std::string& text) {
        return static_cast<std::size_t>(
            std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    }

    std::vector<std::vector<std::string>> rows_;
};

std::string intervalCell(const std::optional<Interval>& interval, RunMetric metric) {
    return interval ? fmt::format("{} to {}", metricText(interval->low, metric),
                                  metricText(interval->high, metric))
                    : std::string();
}

std::string valueCell(const MetricSummary& summary, RunMetric metric) {
    if (summary.said.count == 0)
        return "–";
    if (summary.said.count == 1)
        return metricText(summary.said.mean, metric);
    return fmt::format("{} ± {}", metricText(summary.said.mean, metric),
                       metricText(summary.said.deviation, metric));
}

std::string headOf(RunMetric metric) {
    if (metric == RunMetric::Seconds)
        return "train s";
    return std::string(metricWords(metric)) + (isShare(metric) ? " %" : "");
}

/// The table's metrics: what is compared comes first.
std::vector<RunMetric> columnsOf(RunMetric compared) {
    std::vector<RunMetric> columns{RunMetric::Accuracy, RunMetric::MacroF1, RunMetric::GradientShare,
                                   RunMetric::DistinctShare, RunMetric::Seconds};
    if (const auto place = std::find(columns.begin(), columns.end(), compared); place != columns.end())
        columns.erase(place);
    columns.insert(columns.begin(), compared);
    return columns;
}

bool showsInterval(RunMetric metric, RunMetric compared) {
    return hasTestRows(metric) || metric == compared;
}

std::string configurationsText(const ComparedDataSet& set, const ComparisonOptions& options) {
    const auto columns = columnsOf(options.metric);
    Table table;
    std::vector<std::string> head{"configuration", "runs"};
    for (const RunMetric metric : columns) {
        head.push_back(headOf(metric));
        if (showsInterval(metric, options.metric))
            head.push_back(levelText(options.level) + " interval");
    }
    table.add(std::move(head));
    for (const auto& one : set.configurations) {
        std::vector<std::string> cells{one.configuration.label,
                                       std::to_string(one.configuration.runs.size())};
        for (const RunMetric metric : columns) {
            const auto& summary = one.metrics.at(static_cast<std::size_t>(metric));
            cells.push_back(valueCell(summary, metric));
            if (showsInterval(metric, options.metric))
                cells.push_back(intervalCell(summary.interval, metric) + (summary.fromTestSet ? " *" : ""));
        }
        table.add(std::move(cells));
    }
    return table.text();
}

std::string effectCell(const Difference& difference) {
    if (!difference.effectSize)
        return "";
    return std::isfinite(*difference.effectSize) ? fmt::format("{:+.2f}", *difference.effectSize) : "–";
}

std::string differencesText(const ComparedDataSet& set, const ComparisonOptions& options) {
    Table table;
    table.add({fmt::format("minus {}", set.configurations[set.baseline].configuration.label),
               std::string(metricWords(options.metric)), levelText(options.level) + " interval", "pairs", "p",
               "Holm", "effect"});
    const auto probability = [](double p) { return p < 0.001 ? "<0.001" : fmt::format("{:.3f}", p); };
    for (std::size_t i = 0; i < set.configurations.size(); ++i) {
        if (i == set.baseline)
            continue;
        const auto& one = set.configurations[i];
        const Difference& difference = one.difference;
        std::vector<std::string> cells{
            one.configuration.label, "–", "", std::to_string(difference.values.size()), "", "",
            effectCell(difference)};
        if (!difference.values.empty())
            cells[1] = differenceText(difference.said.mean, options.metric);
        if (difference.interval)
            cells[2] = fmt::format("{} to {}{}", differenceText(difference.interval->low, options.metric),
                                   differenceText(difference.interval->high, options.metric),
                                   difference.source == Difference::Source::TestSet ? " *" : "");
        if (difference.p) {
            cells[4] = probability(*difference.p);
            cells[5] = probability(difference.correctedP);
        }
        table.add(std::move(cells));
    }
    return table.text();
}

bool usesTestSet(const ComparedDataSet& set) {
    return std::any_of(set.configurations.begin(), set.configurations.end(), [](const auto& one) {
        return one.difference.source == Difference::Source::TestSet ||
               std::any_of(one.metrics.begin(), one.metrics.end(),
                           [](const MetricSummary& summary) { return summary.fromTestSet; });
    });
}

std::string dataSetText(const ComparedDataSet& set, const ComparisonOptions& options) {
    std::string text = set.name + "\n\n" + configurationsText(set, options);
    if (usesTestSet(set))
        text += "* from the test set alone: one run says nothing of other seeds\n";
    if (set.configurations.size() < 2)
        return text;
    text += "\n" + differencesText(set, options) + "\n";
    const auto& baseline = set.configurations[set.baseline].configuration.label;
    for (const auto& one : set.configurations) {
        if (!one.sentence.empty())
            text += one.sentence + ".\n";
        if (!one.alsoDifferent.empty())
            text += fmt::format("  {} and {} differ also in {}.\n", one.configuration.label, baseline,
                                fmt::join(one.alsoDifferent, ", "));
    }
    return text;
}

} // namespace

std::string comparisonText(const Comparison& comparison) {
    std::string text;
    for (const auto& set : comparison.dataSets)
        text += (text.empty() ? "" : "\n") + dataSetText(set, comparison.options);
    if (comparison.ranks)
        text += "\n" + comparison.ranks->sentence + ".\n";
    if (!comparison.remarks.empty())
        text += "\n";
    for (const auto& remark : comparison.remarks)
        text += remark + "\n";
    return text;
}

} // namespace stillroom::cli
