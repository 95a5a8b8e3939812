// Where a student can run, and with what.
#pragma once

#include "core/engine/engine.h"

#include <string>

namespace stillroom {

[[nodiscard]] EngineInfo describeEngine();

/// "auto", "cpu", "cuda:N" → "cpu" or "cuda:N". `auto` is the GPU only for students that gain by it: the
/// ngram student's batches are too small. Errors: no such device (names those there are).
Result<std::string> resolveDevice(const std::string& wanted, StudentKind kind);

/// Memory that is in use, bytes: of this process on the CPU, of its tensors on a GPU; 0 where that is not
/// known (GPUs with a LibTorch before 2.9).
[[nodiscard]] std::int64_t memoryInUse(const std::string& device);

/// 0 → all cores.
[[nodiscard]] int resolveThreads(std::int64_t wanted);

} // namespace stillroom
