#include "core/student/encoder_kernels.h"

#include "core/base/random.h"

#include <cmath>
#include <cstring>
#include <memory>
#include <new>
#include <vector>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#define STILLROOM_INLINE inline __attribute__((always_inline))
#define STILLROOM_INLINED __attribute__((always_inline)) // of a lambda
// Vectors as arguments of inlined functions never cross a real call, so their ABI does not matter.
#pragma GCC diagnostic ignored "-Wpsabi"

namespace stillroom {

namespace {

/// Memory of a thread's own, kept between calls; aligned to a line.
float* kernelScratch(std::int64_t floats) {
    struct Free {
        void operator()(float* memory) const { ::operator delete[](memory, std::align_val_t{64}); }
    };
    thread_local std::unique_ptr<float[], Free> memory;
    thread_local std::int64_t size = 0;
    if (size < floats) {
        memory.reset(); // before the next one is asked for
        size = 0;
        memory.reset(static_cast<float*>(
            ::operator new[](static_cast<std::size_t>(floats) * sizeof(float), std::align_val_t{64})));
        size = floats;
    }
    return memory.get();
}

} // namespace

} // namespace stillroom

// Every variant: the same source in a namespace of its own.
#define STILLROOM_VARIANT portable
#define STILLROOM_LANES 4
#include "core/student/encoder_kernel_variant.h"

// Clang knows no such pragma: it would have the portable ones alone.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#define STILLROOM_VARIANT avx2
#define STILLROOM_LANES 8
#include "core/student/encoder_kernel_variant.h"
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma,prefer-vector-width=512")
#define STILLROOM_VARIANT avx512
#define STILLROOM_LANES 16
#include "core/student/encoder_kernel_variant.h"
#pragma GCC pop_options
#endif

namespace stillroom {

namespace {

std::vector<EncoderKernels> available() {
    std::vector<EncoderKernels> all;
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq"))
        all.push_back(avx512::kernels("avx512"));
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        all.push_back(avx2::kernels("avx2"));
#endif
    all.push_back(portable::kernels("portable"));
    return all;
}

} // namespace

std::span<const EncoderKernels> allEncoderKernels() {
    static const std::vector<EncoderKernels> kernels = available();
    return kernels;
}

const EncoderKernels& encoderKernels() {
    return allEncoderKernels().front();
}

} // namespace stillroom
