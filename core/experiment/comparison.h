// Many runs compared: what each configuration gives, how far it is from a baseline, and what may be said of
// that.
#pragma once

#include "core/base/progress.h"
#include "core/experiment/difference.h"
#include "core/experiment/friedman.h"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stillroom {

struct ComparisonOptions {
    RunMetric metric = RunMetric::Accuracy; ///< of the differences and the ranks
    double level = 0.95;                    ///< within (0, 1)
    /// Settings that the baseline has: key ("selection.rule", or short: "rule") and value. Empty: the first
    /// configuration whose rule is `all`, else the first one.
    std::vector<std::pair<std::string, std::string>> baseline;
};

/// A number of one configuration.
struct MetricSummary {
    SampleStatistics said; ///< over its runs that have it
    /// Of the mean, over seeds (Student's); of a single run from its test set, where it is of one.
    std::optional<Interval> interval;
    std::optional<Interval> bootstrap; ///< over seeds, BCa; of two or more runs
    bool fromTestSet = false;
};

struct ComparedConfiguration {
    Configuration configuration;
    std::array<MetricSummary, AllRunMetrics.size()> metrics; ///< by RunMetric
    Difference difference;                  ///< to the baseline; of the baseline itself nothing
    std::string sentence;                   ///< what may be said of it
    std::vector<std::string> alsoDifferent; ///< settings in which it differs from the baseline unsaid: keys
};

struct ComparedDataSet {
    std::string name;
    std::vector<ComparedConfiguration> configurations;
    std::size_t baseline = 0; ///< among them
};

/// Configurations over several data sets.
struct ComparedRanks {
    std::vector<std::string> labels; ///< that all data sets have
    FriedmanResult friedman;
    double criticalDifference = 0; ///< Nemenyi's
    std::string sentence;
};

struct Comparison {
    ComparisonOptions options;
    std::vector<ComparedDataSet> dataSets;
    std::optional<ComparedRanks> ranks;
    std::vector<std::string> remarks; ///< of what was left out, taken together, or not compared

    [[nodiscard]] const MetricSummary& metric(const ComparedConfiguration& configuration) const {
        return configuration.metrics.at(static_cast<std::size_t>(options.metric));
    }
};

/// `runs` outlives the comparison. Draws rows of test sets, some tens of milliseconds a single run: not for
/// the GUI's thread. Errors: no completed run; a baseline that none or several are; Cancelled.
Result<Comparison> compareRuns(std::span<const RunSummary> runs, const ComparisonOptions& options,
                               const PredictionReader& predictions, Progress* progress = nullptr);

} // namespace stillroom
