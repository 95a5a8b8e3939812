// Values by rank. Private to core/experiment. Pure; any thread.
#pragma once

#include <span>
#include <vector>

namespace stillroom {

struct Ranks {
    std::vector<double> ranks; ///< from 1, the smallest first; equal values share the mean of theirs
    bool tied = false;         ///< some values are equal
    double tieTerm = 0;        ///< Σ (t³ − t) over the groups of t equal values
};

[[nodiscard]] Ranks rankValues(std::span<const double> values);

} // namespace stillroom
