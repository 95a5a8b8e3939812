#include "core/student/ngram_kernels.h"

#include <algorithm>
#include <vector>

#if defined(__GNUC__)
#define STILLROOM_ALWAYS_INLINE inline __attribute__((always_inline))
#else
#define STILLROOM_ALWAYS_INLINE inline
#endif

namespace stillroom {

namespace {

// An embedding row is a random access into a table far larger than the caches, and the tokens are known
// ahead: asking for the rows some tokens early hides most of the wait. 8 was the best of 2 to 32 on HumAID.
constexpr std::size_t Ahead = 8;
constexpr std::int64_t LineFloats = 16; // 64 bytes

template <int Access>
STILLROOM_ALWAYS_INLINE void prefetchRow(const float* row, std::int64_t begin, std::int64_t end) {
    for (std::int64_t c = begin; c < end; c += LineFloats)
        __builtin_prefetch(row + c, Access, 3);
}

/// Width columns at once, sums in registers. Width is known to the compiler, which makes it vectors of the
/// target's size.
template <int Width>
STILLROOM_ALWAYS_INLINE void gatherBlock(const float* table, std::int64_t stride,
                                         std::span<const std::uint32_t> tokens, float scale, float* out) {
    float sum[Width] = {};
    for (std::size_t t = 0; t < tokens.size(); ++t) {
        if (t + Ahead < tokens.size())
            prefetchRow<0>(table + tokens[t + Ahead] * stride, 0, Width);
        const float* row = table + tokens[t] * stride;
        for (int c = 0; c < Width; ++c)
            sum[c] += row[c];
    }
    for (int c = 0; c < Width; ++c)
        out[c] = scale * sum[c];
}

STILLROOM_ALWAYS_INLINE void gather(const float* table, const Columns& columns,
                                    std::span<const std::uint32_t> tokens, float scale, float* out) {
    std::int64_t c = columns.begin;
    for (; c + 64 <= columns.end; c += 64)
        gatherBlock<64>(table + c, columns.dimensions, tokens, scale, out + c);
    for (; c + 16 <= columns.end; c += 16)
        gatherBlock<16>(table + c, columns.dimensions, tokens, scale, out + c);
    for (; c < columns.end; ++c)
        gatherBlock<1>(table + c, columns.dimensions, tokens, scale, out + c);
}

template <int Width>
STILLROOM_ALWAYS_INLINE void scatterBlock(float* table, std::int64_t stride,
                                          std::span<const std::uint32_t> tokens, const float* delta) {
    float d[Width];
    for (int c = 0; c < Width; ++c)
        d[c] = delta[c];
    for (std::size_t t = 0; t < tokens.size(); ++t) {
        if (t + Ahead < tokens.size())
            prefetchRow<1>(table + tokens[t + Ahead] * stride, 0, Width);
        float* row = table + tokens[t] * stride;
        for (int c = 0; c < Width; ++c)
            row[c] += d[c];
    }
}

STILLROOM_ALWAYS_INLINE void scatter(float* table, const Columns& columns,
                                     std::span<const std::uint32_t> tokens, const float* delta) {
    std::int64_t c = columns.begin;
    for (; c + 64 <= columns.end; c += 64)
        scatterBlock<64>(table + c, columns.dimensions, tokens, delta + c);
    for (; c + 16 <= columns.end; c += 16)
        scatterBlock<16>(table + c, columns.dimensions, tokens, delta + c);
    for (; c < columns.end; ++c)
        scatterBlock<1>(table + c, columns.dimensions, tokens, delta + c);
}

#define STILLROOM_VARIANT(NAME, ATTRIBUTE)                                                                   \
    ATTRIBUTE void gather_##NAME(const float* table, const Columns& columns,                                 \
                                 std::span<const std::uint32_t> tokens, float scale, float* out) {           \
        gather(table, columns, tokens, scale, out);                                                          \
    }                                                                                                        \
    ATTRIBUTE void scatter_##NAME(float* table, const Columns& columns,                                      \
                                  std::span<const std::uint32_t> tokens, const float* delta) {               \
        scatter(table, columns, tokens, delta);                                                              \
    }

STILLROOM_VARIANT(portable, )
#if defined(__x86_64__) && defined(__GNUC__)
STILLROOM_VARIANT(avx2, __attribute__((target("avx2,fma"))))
STILLROOM_VARIANT(avx512, __attribute__((target("avx512f,avx512vl,prefer-vector-width=512"))))
#endif

std::vector<NgramKernels> available() {
    std::vector<NgramKernels> kernels;
#if defined(__x86_64__) && defined(__GNUC__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl"))
        kernels.push_back({gather_avx512, scatter_avx512, "avx512"});
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        kernels.push_back({gather_avx2, scatter_avx2, "avx2"});
#endif
    kernels.push_back({gather_portable, scatter_portable, "portable"});
    return kernels;
}

} // namespace

std::span<const NgramKernels> allNgramKernels() {
    static const std::vector<NgramKernels> kernels = available();
    return kernels;
}

const NgramKernels& ngramKernels() {
    return allNgramKernels().front();
}

} // namespace stillroom
