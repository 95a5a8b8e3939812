// A tensor of a safetensors file as one of LibTorch's.
#pragma once

#include "core/student/safetensors.h"

#include <ATen/core/Tensor.h>

namespace stillroom {

/// A copy on the CPU, of the same type and shape. Of F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL;
/// undefined of the others, which LibTorch has not. LibTorch's exceptions pass through.
[[nodiscard]] at::Tensor toTensor(const Safetensors::Tensor& stored);

} // namespace stillroom
