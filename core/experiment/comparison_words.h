// What a comparison says in words, which follow the numbers: nothing is called higher or lower where the
// interval covers zero, where too few runs were made, or where that many comparisons give such a difference
// by chance. Pure.
#pragma once

#include "core/experiment/comparison.h"

#include <string>

namespace stillroom {

/// "llkd is 0.80 points higher in accuracy than all (95 % interval +0.31 to +1.29, 5 pairs, p = 0.012)", or
/// "llkd and all: no difference in accuracy is shown (-0.30 points, 95 % interval -0.90 to +0.30, 5 pairs, p
/// = 0.24)". `comparisons`: that were corrected for.
[[nodiscard]] std::string differenceSentence(const std::string& label, const std::string& baseline,
                                             const Difference& difference, RunMetric metric, double level,
                                             std::size_t comparisons);

[[nodiscard]] std::string ranksSentence(const ComparedRanks& ranks, RunMetric metric, double level);

/// Of a value: shares in percent with two decimals, seconds with two, losses with four.
[[nodiscard]] std::string metricText(double value, RunMetric metric);
/// Of a difference: "+0.80", shares in points.
[[nodiscard]] std::string differenceText(double difference, RunMetric metric);
/// "p = 0.012", "p < 0.001".
[[nodiscard]] std::string probabilityText(double p);
/// "95 %", "99.5 %".
[[nodiscard]] std::string levelText(double level);

} // namespace stillroom
