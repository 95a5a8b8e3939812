// Where an axis has its numbers, and how they are written. Pure.
#pragma once

#include <QString>
#include <vector>

namespace stillroom {

struct AxisRange {
    double low = 0, high = 1; ///< low < high
};

/// Of values that are to be seen, with some room at ends that are not given (NaN).
[[nodiscard]] AxisRange rangeOf(double lowest, double highest, double givenLow, double givenHigh);

struct AxisTick {
    double at = 0;
    QString text;
};

/// About `wanted` of them at round numbers (1, 2 or 5 times a power of ten) within the range.
[[nodiscard]] std::vector<AxisTick> ticksOf(const AxisRange& range, int wanted);

} // namespace stillroom
