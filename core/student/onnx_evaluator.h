// Runs an ONNX graph of ours by LibTorch's operators: what an export is verified with where no ONNX runtime
// is. It knows the operators that onnx_export.cpp writes, by ONNX's own definitions (docs/Operators.md), and
// no others.
#pragma once

#include "core/base/result.h"
#include "core/student/onnx_file.h"

#include <ATen/core/Tensor.h>
#include <map>
#include <string>
#include <vector>

namespace stillroom {

class OnnxEvaluator {
  public:
    /// Copies what it needs. Errors: an operator that is not known here, a tensor whose bytes are not those
    /// of its shape.
    static Result<OnnxEvaluator> of(const OnnxModel& model, const std::string& shown);

    /// The output for these inputs, in the graph's order. One thread at a time. LibTorch's exceptions pass
    /// through.
    [[nodiscard]] at::Tensor run(const std::vector<at::Tensor>& inputs) const;

  private:
    struct Step {
        std::string op;
        std::vector<std::string> inputs;
        std::string output;
        std::map<std::string, std::vector<std::int64_t>> attributes; ///< one number is a list of one
    };
    using Values = std::map<std::string, at::Tensor>;
    static at::Tensor apply(const Step& step, const std::vector<at::Tensor>& in);
    /// Steps whose inputs are constants are done once.
    void fold();

    std::vector<Step> steps_;
    Values constants_;
    std::vector<std::string> inputs_;
    std::string output_;
};

} // namespace stillroom
