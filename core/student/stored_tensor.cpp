#include "core/student/stored_tensor.h"

#include <ATen/ops/empty.h>
#include <algorithm>
#include <optional>

namespace stillroom {

namespace {

std::optional<at::ScalarType> scalarTypeOf(TensorType type) {
    switch (type) {
    case TensorType::F64:
        return at::kDouble;
    case TensorType::F32:
        return at::kFloat;
    case TensorType::F16:
        return at::kHalf;
    case TensorType::BF16:
        return at::kBFloat16;
    case TensorType::I64:
        return at::kLong;
    case TensorType::I32:
        return at::kInt;
    case TensorType::I16:
        return at::kShort;
    case TensorType::I8:
        return at::kChar;
    case TensorType::U8:
        return at::kByte;
    case TensorType::BOOL:
        return at::kBool;
    case TensorType::U64:
    case TensorType::U32:
    case TensorType::U16:
        break;
    }
    return {};
}

} // namespace

at::Tensor toTensor(const Safetensors::Tensor& stored) {
    const auto type = scalarTypeOf(stored.type);
    if (!type)
        return {};
    at::Tensor tensor = at::empty(stored.shape, *type);
    std::ranges::copy(stored.data, static_cast<std::byte*>(tensor.data_ptr())); // of no rows: no bytes
    return tensor;
}

} // namespace stillroom
