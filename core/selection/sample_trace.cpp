#include "core/selection/sample_trace.h"

namespace stillroom {

std::uint16_t toHalf(float value) {
    if (!(value >= 0))
        return 0x7E00U; // NaN (and what must not be: a negative)
    // Adding this moves binary16's last place to binary32's last place, so the addition itself rounds; below
    // 2⁻¹⁴ binary16 is denormal, its last place stands still.
    const auto bits = std::bit_cast<std::uint32_t>(value);
    if (value < 0x1p-14F)
        return static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value + 0.5F) - 0x3F00'0000U);
    const std::uint32_t odd = bits >> 13U & 1U;
    const std::uint32_t half = (bits + 0xFFFU + odd - (112U << 23U)) >> 13U;
    return half >= 0x7C00U ? 0x7C00U : static_cast<std::uint16_t>(half);
}

float fromHalf(std::uint16_t half) {
    const std::uint32_t magnitude = half & 0x7FFFU;
    if (magnitude > 0x7C00U)
        return std::numeric_limits<float>::quiet_NaN();
    if (magnitude == 0x7C00U)
        return std::numeric_limits<float>::infinity();
    if (magnitude < 0x400U)
        return static_cast<float>(magnitude) * 0x1p-24F;
    return std::bit_cast<float>((magnitude << 13U) + (112U << 23U));
}

} // namespace stillroom
