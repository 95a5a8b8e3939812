// Many configurations over several data sets, by rank within each: Friedman's test and Nemenyi's critical
// difference (Demšar, Statistical Comparisons of Classifiers over Multiple Data Sets, JMLR 2006). Pure; any
// thread.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace stillroom {

struct FriedmanResult {
    std::size_t dataSets = 0;
    std::vector<double> averageRanks; ///< by configuration; 1 is the highest value
    double chiSquare = 0;             ///< corrected for ties; 0 when all are tied
    double p = 1;                     ///< of k − 1 degrees of freedom
};

/// `values[d][c]`: of data set d and configuration c, higher is better. All rows have the same length, two or
/// more; nothing for fewer than two rows.
[[nodiscard]] std::optional<FriedmanResult> friedmanTest(const std::vector<std::vector<double>>& values);

/// Average ranks further apart than this differ at `level` (0.95): q √(k (k + 1) / (6 N)), with q the
/// quantile of the range of k normal numbers over √2. k configurations, N data sets.
[[nodiscard]] double nemenyiDifference(std::size_t configurations, std::size_t dataSets, double level);

} // namespace stillroom
