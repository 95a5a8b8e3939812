// Matrices in half or a quarter of their bytes, and back.
#pragma once

#include "core/base/result.h"
#include "core/engine/student_export.h"
#include "core/student/safetensors.h"

#include <ATen/core/Tensor.h>
#include <string>

namespace stillroom {

/// A matrix as it is stored: float32 or float16, or int8 with what each row is to be multiplied with.
struct SmallMatrix {
    at::Tensor values;
    at::Tensor scales; ///< float32, one a row; undefined but for int8
};

/// `matrix`: R×C float32, contiguous, on the CPU, every number finite. Half: what is beyond 65,504 becomes
/// that. The values are the matrix itself where the weights are full.
[[nodiscard]] SmallMatrix shrink(const at::Tensor& matrix, ExportWeights weights);
/// R×C float32.
[[nodiscard]] at::Tensor widen(const SmallMatrix& matrix);

/// A student's file with its matrices stored so: F16, or I8 with "NAME.scale" beside each; n-gram buckets as
/// U32. Its format version is SmallVersion, which older programs refuse in so many words. `student` is one
/// that readStudentFile has read. Errors: disk.
Result<void> writeSmallStudent(const std::string& path, const Safetensors& student, ExportWeights weights);
inline constexpr long long SmallVersion = 2;

/// The same in float32 and with I64 buckets, as every other reader expects them; a file that holds nothing
/// small comes back as it is. Errors: a matrix without scales, scales that do not fit or are not finite; in
/// words for `shown`.
Result<Safetensors> widened(Safetensors stored, const std::string& shown);

} // namespace stillroom
