// Two configurations over the same seeds: is the mean of their differences other than zero, and by how much
// of its own spread? All tests are two-sided. Pure; any thread.
#pragma once

#include <cstdint>
#include <span>

namespace stillroom {

struct TestResult {
    double statistic = 0;
    double p = 1;
};

/// Student's test of paired differences, t = mean / (s / √n). Differences that are all the same and not zero:
/// an infinite t, p 0; all zero, or fewer than two: t 0, p 1.
[[nodiscard]] TestResult pairedTTest(std::span<const double> differences);

/// Wilcoxon's signed ranks (1945); the statistic is the smaller sum of ranks. Zeros are left out. As scipy
/// decides: exact up to 50 differences without ties and zeros, and up to 13 with them, where all signs are
/// gone through; otherwise the normal approximation, its deviation corrected for ties.
[[nodiscard]] TestResult wilcoxonTest(std::span<const double> differences);

/// All assignments of signs to the differences (Fisher 1935; Pitman 1937): the share whose mean is at least
/// as far from zero as the one seen. Exact for at most 14 differences; for more, 2^14 assignments of which
/// one is the seen one and the others are drawn from `seed` (Phipson & Smyth 2010). The statistic is the
/// mean.
[[nodiscard]] TestResult signFlipTest(std::span<const double> differences, std::uint64_t seed = 1);

/// Mean over standard deviation of the differences (Cohen 1988, d_z); 0 when both are 0, infinite when only
/// the deviation is.
[[nodiscard]] double cohenDz(std::span<const double> differences);
/// The same without its bias in small samples, by Hedges' exact factor; needs three differences, else as
/// above.
[[nodiscard]] double hedgesGz(std::span<const double> differences);

} // namespace stillroom
