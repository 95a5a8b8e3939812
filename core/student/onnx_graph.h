// An ONNX graph that is written node by node (github onnx/onnx, docs/IR.md and docs/Operators.md).
#pragma once

#include "core/student/onnx_file.h"
#include "core/student/small_weights.h"

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace stillroom {

/// Values have names; each function returns that of what it made. Weights are stored as `kind` says and
/// widened to float32 by nodes, which runtimes do once when they load the model.
class OnnxGraph {
  public:
    explicit OnnxGraph(ExportWeights kind) : kind_(kind) {}

    std::string input(const std::string& name);
    /// The graph's output: `value`, N×`columns` float32, under this name.
    void output(const std::string& value, const std::string& name, std::int64_t columns);

    std::string node(const std::string& op, std::vector<std::string> inputs,
                     std::vector<OnnxAttribute> attributes = {});

    /// A tensor as it is: float32, int32 or int64.
    std::string constant(const std::string& name, const at::Tensor& value);
    /// int64, one-dimensional; the same numbers are stored once.
    std::string integers(const std::vector<std::int64_t>& values);
    /// A float32 scalar, likewise.
    std::string number(float value);

    std::string toFloat(const std::string& value);
    /// x · Wᵀ + b of the last dimension; `weight` out×in.
    std::string linear(const std::string& x, const std::string& name, const at::Tensor& weight,
                       const at::Tensor& bias);
    /// Rows of a table, by numbers of any shape.
    std::string rows(const std::string& name, const at::Tensor& table, const std::string& numbers);

    void metadata(const std::string& key, const std::string& value);
    /// What was made; nothing is left here.
    [[nodiscard]] OnnxModel take() { return std::move(model_); }

  private:
    std::string fresh(const std::string& what);

    OnnxModel model_;
    ExportWeights kind_;
    std::int64_t made_ = 0;
    std::map<std::vector<std::int64_t>, std::string> integers_;
    std::map<float, std::string> numbers_;
};

} // namespace stillroom
