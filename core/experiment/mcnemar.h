// Two students on the same test rows: McNemar's test (Psychometrika 1947) looks only at the rows where one is
// right and the other wrong. Says nothing of other seeds. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>

namespace stillroom {

struct McNemarResult {
    std::int64_t rows = 0;       ///< of the test; from the counts alone: those that count
    std::int64_t onlyFirst = 0;  ///< rows that only the first got right
    std::int64_t onlySecond = 0; ///< … only the second
    double exactP = 1;           ///< two-sided, binomial
    double chiSquare = 0;        ///< (|b − c| − 1)² / (b + c) (Edwards 1948); 0 when b = c
    double chiSquareP = 1;       ///< of one degree of freedom
};

/// From the two counts alone.
[[nodiscard]] McNemarResult mcnemarTest(std::int64_t onlyFirst, std::int64_t onlySecond);
/// All three have the same length.
[[nodiscard]] McNemarResult mcnemarTest(std::span<const std::int32_t> gold,
                                        std::span<const std::int32_t> first,
                                        std::span<const std::int32_t> second);

} // namespace stillroom
