// A few numbers described: mean, deviation, and where the mean of many more would lie. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace stillroom {

struct Interval {
    double low = 0;
    double high = 0;
    [[nodiscard]] bool covers(double value) const { return low <= value && value <= high; }
};

struct SampleStatistics {
    std::size_t count = 0;
    double mean = 0;      ///< NaN of none
    double deviation = 0; ///< with n − 1; 0 of fewer than two
    double lowest = 0, highest = 0;
};

[[nodiscard]] SampleStatistics describe(std::span<const double> values);

/// Student's interval of the mean, mean ± t(n − 1) · s / √n. Right for values that are about normal; nothing
/// for fewer than two. `level` within (0, 1): 0.95.
[[nodiscard]] std::optional<Interval> meanInterval(std::span<const double> values, double level);

/// Of sorted values, `share` within [0, 1]: between the two that it falls between in proportion (Hyndman &
/// Fan 1996, type 7, as numpy and R do).
[[nodiscard]] double sortedQuantile(std::span<const double> sorted, double share);

} // namespace stillroom
