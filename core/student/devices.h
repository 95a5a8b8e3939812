// Where a student can run, and with what.
#pragma once

#include "core/engine/engine.h"

#include <string>

namespace stillroom {

[[nodiscard]] EngineInfo describeEngine();

/// A sentence where OpenBLAS computes with `kernels` made for processors of long ago though this one has
/// AVX2: a release older than a processor may not know it. Else empty. `avx512`: what SkylakeX's kernels need
/// is there.
[[nodiscard]] std::string slowKernelsAdvice(const std::string& blas, const std::string& kernels, bool avx2,
                                            bool avx512);

/// The same of this process.
[[nodiscard]] std::string slowKernelsAdvice();

/// "auto", "cpu", "cuda:N" → "cpu" or "cuda:N". `auto` is the GPU only for students that gain by it: the
/// ngram student's batches are too small. Errors: no such device (names those there are).
Result<std::string> resolveDevice(const std::string& wanted, StudentKind kind);

/// Memory that is in use, bytes: of this process on the CPU, of its tensors on a GPU; 0 where that is not
/// known (GPUs with a LibTorch before 2.9).
[[nodiscard]] std::int64_t memoryInUse(const std::string& device);

/// 0 → all cores.
[[nodiscard]] int resolveThreads(std::int64_t wanted);

} // namespace stillroom
