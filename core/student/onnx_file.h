// An ONNX model as plain data, and its file (github onnx/onnx, docs/IR.md). Between the two stands Google's
// protobuf, which must not meet LibTorch's headers: a LibTorch of PyPI brings those of another protobuf.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace stillroom {

/// The numbers of onnx.TensorProto.DataType that are used here.
enum class OnnxType : std::int32_t { Float = 1, Int8 = 3, Int32 = 6, Int64 = 7, Half = 10 };

struct OnnxTensor {
    std::string name;
    OnnxType type = OnnxType::Float;
    std::vector<std::int64_t> shape;
    std::string bytes; ///< row by row, little-endian
};

struct OnnxAttribute {
    std::string name;
    std::variant<std::int64_t, std::vector<std::int64_t>> value;
};

struct OnnxNode {
    std::string op;
    std::vector<std::string> inputs;
    std::string output;
    std::vector<OnnxAttribute> attributes = {};
};

/// Inputs are N×L int64, the output is N×`columns` float32; N and L are free.
struct OnnxModel {
    /// 13: reductions with axes as input, and what every runtime since 2021 knows.
    static constexpr std::int64_t Opset = 13;

    std::vector<std::string> inputs;
    std::string output;
    std::int64_t columns = 0;
    std::vector<OnnxTensor> tensors;
    std::vector<OnnxNode> nodes; ///< each behind those that it reads from
    std::vector<std::pair<std::string, std::string>> metadata;
};

/// Its file. Errors: larger than the 2 GiB that one can hold; `shown` names it.
Result<std::string> onnxBytes(OnnxModel model, const std::string& shown);

/// A file's bytes, passed by onnx's checker. Errors: no ONNX, what the checker says, tensors or attributes of
/// kinds that are not above.
Result<OnnxModel> parseOnnx(const std::string& bytes, const std::string& shown);

} // namespace stillroom
