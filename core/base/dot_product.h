// Two vectors of floats multiplied, the same way wherever it is done.
#pragma once

#include <cstddef>

namespace stillroom {

/// Σ a[d]·b[d] in sixteen sums: the order of additions is ours, not the compiler's, and it becomes vectors
/// all the same. Any thread.
[[nodiscard]] inline float dotProduct(const float* a, const float* b, std::size_t width) {
    float sums[16] = {};
    std::size_t d = 0;
    for (; d + 16 <= width; d += 16)
        for (std::size_t j = 0; j < 16; ++j)
            sums[j] += a[d + j] * b[d + j];
    float sum = 0;
    for (; d < width; ++d)
        sum += a[d] * b[d];
    for (const float s : sums)
        sum += s;
    return sum;
}

} // namespace stillroom
