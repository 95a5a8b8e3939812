// The bootstrap over a small sample (runs of several seeds): where a statistic would lie in other samples of
// the kind. Efron & Tibshirani, An Introduction to the Bootstrap (1993), chapters 13 and 14. Pure; any
// thread.
#pragma once

#include "core/experiment/sample_statistics.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace stillroom {

using Statistic = std::function<double(std::span<const double>)>;

struct BootstrapSettings {
    double level = 0.95;
    int resamples = 9999;
    std::uint64_t seed = 1; ///< the same seed, the same numbers, on every machine
};

/// `resamples` values of the statistic, each of as many values drawn with replacement; sorted.
[[nodiscard]] std::vector<double> bootstrapReplicates(std::span<const double> values,
                                                      const Statistic& statistic,
                                                      const BootstrapSettings& settings);

/// Between the replicates' quantiles (1 − level) / 2 and (1 + level) / 2. Not empty.
[[nodiscard]] Interval percentileInterval(std::span<const double> sortedReplicates, double level);

/// Bias-corrected and accelerated (BCa): the same with quantiles that allow for the replicates' bias, and for
/// a spread that depends on the value, from the jackknife. The percentile interval where it does not exist
/// (all replicates on one side of the sample's own value, or all values equal). `values`: two or more.
[[nodiscard]] Interval acceleratedInterval(std::span<const double> values, const Statistic& statistic,
                                           std::span<const double> sortedReplicates, double level);

/// BCa of the mean; of fewer than two values nothing can be drawn: both ends are the value.
[[nodiscard]] Interval bootstrapMeanInterval(std::span<const double> values,
                                             const BootstrapSettings& settings);

} // namespace stillroom
