// Comparisons with half floats without converting them: not negative, they are ordered as their bits are, so
// that a threshold becomes a whole number once, and every sample then costs one comparison. A NaN ("the
// student was not asked") is above every number. Internal to core/lab.
#pragma once

#include "core/selection/sample_trace.h"

#include <cstdint>

namespace stillroom {

inline constexpr std::uint16_t HalfInfinity = 0x7C00; ///< what is above is a NaN

/// The uncertainty of a trace as it is stored.
[[nodiscard]] inline std::uint16_t halfOf(SampleTrace trace) {
    return static_cast<std::uint16_t>(trace.bits >> 16U);
}

/// The smallest half whose value `passes`; above infinity when none does. `passes` is false up to some value
/// and true from there on.
template <class Passes>
[[nodiscard]] std::uint16_t firstHalf(const Passes& passes) {
    std::uint32_t low = 0;
    std::uint32_t high = HalfInfinity + 1U;
    while (low < high) {
        const std::uint32_t middle = (low + high) / 2;
        if (passes(fromHalf(static_cast<std::uint16_t>(middle))))
            high = middle;
        else
            low = middle + 1;
    }
    return static_cast<std::uint16_t>(low);
}

} // namespace stillroom
