#include "core/experiment/run_metric.h"

namespace stillroom {

namespace {

struct Words {
    std::string_view name, words;
};

constexpr std::array<Words, AllRunMetrics.size()> words{{
    {"accuracy", "accuracy"},
    {"macro_f1", "macro-F1"},
    {"loss", "test loss"},
    {"validation_accuracy", "validation accuracy"},
    {"validation_macro_f1", "validation macro-F1"},
    {"gradient_share", "gradient share"},
    {"distinct_share", "distinct share"},
    {"kept_precision", "precision of what is kept"},
    {"seconds", "training time"},
}};

template <class Part>
std::optional<double> of(const std::optional<Score>& score, Part part) {
    return score ? std::optional(part(*score)) : std::nullopt;
}

} // namespace

std::string_view metricName(RunMetric metric) {
    return words.at(static_cast<std::size_t>(metric)).name;
}

std::optional<RunMetric> metricNamed(std::string_view name) {
    for (const RunMetric metric : AllRunMetrics)
        if (metricName(metric) == name)
            return metric;
    return std::nullopt;
}

std::string_view metricWords(RunMetric metric) {
    return words.at(static_cast<std::size_t>(metric)).words;
}

bool isShare(RunMetric metric) {
    return metric != RunMetric::Loss && metric != RunMetric::Seconds;
}

bool hasTestRows(RunMetric metric) {
    return metric == RunMetric::Accuracy || metric == RunMetric::MacroF1;
}

bool higherIsBetter(RunMetric metric) {
    switch (metric) {
    case RunMetric::Loss:
    case RunMetric::GradientShare:
    case RunMetric::DistinctShare:
    case RunMetric::Seconds:
        return false;
    default:
        return true;
    }
}

std::optional<double> metricOf(const RunSummary& run, RunMetric metric) {
    const auto accuracy = [](const Score& score) { return score.accuracy; };
    const auto macroF1 = [](const Score& score) { return score.macroF1; };
    switch (metric) {
    case RunMetric::Accuracy:
        return of(run.test, accuracy);
    case RunMetric::MacroF1:
        return of(run.test, macroF1);
    case RunMetric::Loss:
        return of(run.test, [](const Score& score) { return score.loss; });
    case RunMetric::ValidationAccuracy:
        return of(run.validation, accuracy);
    case RunMetric::ValidationMacroF1:
        return of(run.validation, macroF1);
    case RunMetric::GradientShare:
        return run.gradientShare();
    case RunMetric::DistinctShare:
        return run.distinctShare();
    case RunMetric::KeptPrecision:
        return run.keptPrecision;
    case RunMetric::Seconds:
        return run.trainSeconds;
    }
    return std::nullopt;
}

} // namespace stillroom
