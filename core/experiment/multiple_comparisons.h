// Of many comparisons some come out by chance: p-values made larger, so that each may be held against the
// same level. Pure; any thread. The order stays.
#pragma once

#include <span>
#include <vector>

namespace stillroom {

/// Holm (Scandinavian Journal of Statistics 1979): the chance of even one false finding stays below the
/// level, whatever the tests' dependence.
[[nodiscard]] std::vector<double> holmCorrected(std::span<const double> p);

/// Benjamini & Hochberg (JRSS B 1995): of what is found, the expected share of false findings stays below the
/// level (independent or positively dependent tests).
[[nodiscard]] std::vector<double> benjaminiHochbergCorrected(std::span<const double> p);

} // namespace stillroom
