#include "core/experiment/sample_statistics.h"

#include "core/experiment/distributions.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace stillroom {

SampleStatistics describe(std::span<const double> values) {
    SampleStatistics said;
    said.count = values.size();
    if (values.empty()) {
        said.mean = said.lowest = said.highest = std::numeric_limits<double>::quiet_NaN();
        return said;
    }
    const auto n = static_cast<double>(values.size());
    double sum = 0;
    for (const double value : values)
        sum += value;
    said.mean = sum / n;
    const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
    said.lowest = *lowest;
    said.highest = *highest;
    if (said.lowest == said.highest) { // which the mean may miss by its rounding
        said.mean = said.lowest;
        return said;
    }
    double squares = 0;
    for (const double value : values)
        squares += (value - said.mean) * (value - said.mean);
    said.deviation = std::sqrt(squares / (n - 1));
    return said;
}

std::optional<Interval> meanInterval(std::span<const double> values, double level) {
    if (values.size() < 2)
        return std::nullopt;
    const SampleStatistics said = describe(values);
    const auto n = static_cast<double>(said.count);
    const double reach = studentQuantile(0.5 + level / 2, n - 1) * said.deviation / std::sqrt(n);
    return Interval{said.mean - reach, said.mean + reach};
}

double sortedQuantile(std::span<const double> sorted, double share) {
    const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

} // namespace stillroom
