// The probability distributions that statistics need, from Boost.Math but for the last. Pure; any thread.
#pragma once

#include <cstdint>

namespace stillroom {

[[nodiscard]] double normalCdf(double x);
/// `probability` within (0, 1).
[[nodiscard]] double normalQuantile(double probability);

/// Student's t with `freedom` ≥ 1 degrees of freedom: the probability of |T| ≥ |t|; 0 for an infinite t.
[[nodiscard]] double studentTwoSided(double t, double freedom);
[[nodiscard]] double studentQuantile(double probability, double freedom);

/// The probability of more than x ≥ 0.
[[nodiscard]] double chiSquareAbove(double x, double freedom);

/// Two-sided p of `successes` out of `trials` when both outcomes are as likely; 1 for no trials.
[[nodiscard]] double signTestTwoSided(std::int64_t successes, std::int64_t trials);

/// Γ(m/2) / (√(m/2) Γ((m−1)/2)), by which a standardized mean of m degrees of freedom is too large (Hedges
/// 1981, equation 6e); m ≥ 2.
[[nodiscard]] double hedgesCorrection(double freedom);

/// The range of k ≥ 2 standard normal numbers (the studentized range with infinite degrees of freedom):
/// P(range ≤ q) = k ∫ φ(z) (Φ(z) − Φ(z − q))^(k−1) dz.
[[nodiscard]] double normalRangeCdf(double q, int k);
[[nodiscard]] double normalRangeQuantile(double probability, int k);

} // namespace stillroom
