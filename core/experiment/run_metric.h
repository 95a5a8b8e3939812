// The numbers by which runs are compared. Pure; any thread.
#pragma once

#include "core/experiment/run_summary.h"

#include <array>
#include <optional>
#include <string_view>

namespace stillroom {

enum class RunMetric {
    Accuracy, ///< of the best student on the test set, as the next two
    MacroF1,
    Loss,
    ValidationAccuracy,
    ValidationMacroF1,
    GradientShare,
    DistinctShare,
    KeptPrecision,
    Seconds, ///< of training
};

inline constexpr std::array AllRunMetrics{
    RunMetric::Accuracy,           RunMetric::MacroF1,           RunMetric::Loss,
    RunMetric::ValidationAccuracy, RunMetric::ValidationMacroF1, RunMetric::GradientShare,
    RunMetric::DistinctShare,      RunMetric::KeptPrecision,     RunMetric::Seconds};

/// "accuracy", "macro_f1", "loss", "validation_accuracy", "validation_macro_f1", "gradient_share",
/// "distinct_share", "kept_precision", "seconds".
[[nodiscard]] std::string_view metricName(RunMetric metric);
[[nodiscard]] std::optional<RunMetric> metricNamed(std::string_view name);
/// For sentences: "accuracy", "macro-F1", "test loss", "validation accuracy", …, "training time".
[[nodiscard]] std::string_view metricWords(RunMetric metric);
/// A share in [0, 1], which people read in percent and whose differences are points.
[[nodiscard]] bool isShare(RunMetric metric);
/// Of the test set, whose rows say how sure a single run's figure is.
[[nodiscard]] bool hasTestRows(RunMetric metric);
/// Whether 1 is the best rank of the highest value, or of the lowest.
[[nodiscard]] bool higherIsBetter(RunMetric metric);

/// Nothing where the run has none: no test, no gold.
[[nodiscard]] std::optional<double> metricOf(const RunSummary& run, RunMetric metric);

} // namespace stillroom
