// The two inner loops of the `ngram` student: rows of the embedding gathered, and gradients scattered back.
// Chosen at run time for the processor (AVX-512, AVX2, or what every x86-64 or other machine has).
#pragma once

#include <cstdint>
#include <span>

namespace stillroom {

/// The embedding, U×D floats row by row, and a stretch of its columns [begin, end) to work on.
struct Columns {
    std::int64_t dimensions = 0; ///< D
    std::int64_t begin = 0, end = 0;
};

/// out[c] = scale · Σ_t table[tokens[t]][c] for c in columns; `out` is D floats.
using GatherKernel = void (*)(const float* table, const Columns& columns,
                              std::span<const std::uint32_t> tokens, float scale, float* out);
/// table[tokens[t]][c] += delta[c] for every t and c in columns; `delta` is D floats.
using ScatterKernel = void (*)(float* table, const Columns& columns, std::span<const std::uint32_t> tokens,
                               const float* delta);

struct NgramKernels {
    GatherKernel gather;
    ScatterKernel scatter;
    const char* name; ///< "avx512", "avx2", "portable"
};

/// The best for this processor.
[[nodiscard]] const NgramKernels& ngramKernels();
/// Every variant this processor can run: tests hold them against each other.
[[nodiscard]] std::span<const NgramKernels> allNgramKernels();

} // namespace stillroom
