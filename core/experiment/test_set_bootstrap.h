// How sure a single run's figures are by its test set alone: other rows of the same kind are drawn, with
// replacement, as many as there are (a multinomial over the confusion matrix). Says nothing of other seeds.
// Efron & Tibshirani, An Introduction to the Bootstrap (1993), chapter 13: percentile intervals. Pure; any
// thread; some tens of milliseconds for ten thousand rows.
#pragma once

#include "core/experiment/sample_statistics.h"

#include <cstdint>
#include <span>

namespace stillroom {

struct TestSetSettings {
    double level = 0.95;
    int resamples = 2000;
    std::uint64_t seed = 1;
};

struct TestSetIntervals {
    Interval accuracy, macroF1;
};

/// `confusion`: K×K, row gold, column predicted; of at least one row.
[[nodiscard]] TestSetIntervals testSetIntervals(std::span<const std::int64_t> confusion,
                                                const TestSetSettings& settings);

struct TestSetDifferences {
    Interval accuracy, macroF1;
    /// Two-sided p of no difference: twice the share of draws on the other side of zero (Efron & Tibshirani,
    /// chapter 15), the students' own rows counted as one draw more. For accuracy McNemar's exact test is the
    /// better one.
    double accuracyP = 1, macroF1P = 1;
};

/// Of two students on the same rows, first minus second; both see the same rows drawn. All three have the
/// same length, at least 1; class numbers are below `classCount`.
[[nodiscard]] TestSetDifferences testSetDifferences(std::span<const std::int32_t> gold,
                                                    std::span<const std::int32_t> first,
                                                    std::span<const std::int32_t> second, int classCount,
                                                    const TestSetSettings& settings);

} // namespace stillroom
