// Looks for the next of a few characters, sixteen at a time where the machine can.
#pragma once

#include <bit>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace stillroom {

/// The first `a` or `b` in [at, end), or `end`.
inline const char* findEither(const char* at, const char* end, char a, char b) {
#if defined(__SSE2__)
    const __m128i first = _mm_set1_epi8(a);
    const __m128i second = _mm_set1_epi8(b);
    for (; end - at >= 16; at += 16) {
        const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const __m128i equal = _mm_or_si128(_mm_cmpeq_epi8(block, first), _mm_cmpeq_epi8(block, second));
        if (const int mask = _mm_movemask_epi8(equal); mask != 0)
            return at + std::countr_zero(static_cast<unsigned>(mask));
    }
#endif
    while (at != end && *at != a && *at != b)
        ++at;
    return at;
}

} // namespace stillroom
