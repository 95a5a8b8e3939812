// How unsure the student is of a sample, in [0, 1].
#pragma once

#include "core/selection/selection_settings.h"

#include <cstdint>
#include <span>

namespace stillroom {

/// u of each row of `probabilities` (B×K, rows summing to 1), with pseudo-labels for `Disagreement`:
///   entropy           H(p) / log K
///   least_confidence  1 − max p
///   margin            1 − (p₁ − p₂)
///   disagreement      1 − p[ŷ]
/// Computed in double, stored as float. 0·log 0 = 0.
void uncertainties(Uncertainty measure, std::span<const float> probabilities, int classCount,
                   std::span<const std::int32_t> labels, std::span<float> out);

} // namespace stillroom
