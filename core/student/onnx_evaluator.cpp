#include "core/student/onnx_evaluator.h"

#include "core/student/damaged_export.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cumsum.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/erf.h>
#include <ATen/ops/logical_not.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/where.h>
#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <set>
#include <unordered_map>

namespace stillroom {

namespace {

at::ScalarType scalarTypeOf(OnnxType type) {
    switch (type) {
    case OnnxType::Half:
        return at::kHalf;
    case OnnxType::Int8:
        return at::kChar;
    case OnnxType::Int32:
        return at::kInt;
    case OnnxType::Int64:
        return at::kLong;
    case OnnxType::Float:
        break;
    }
    return at::kFloat;
}

std::vector<std::int64_t> numbersOf(const at::Tensor& tensor) {
    const at::Tensor flat = tensor.to(at::kLong).contiguous();
    const auto* begin = flat.data_ptr<std::int64_t>();
    return {begin, begin + flat.numel()};
}

using Attributes = std::map<std::string, std::vector<std::int64_t>>;

std::int64_t oneOf(const Attributes& attributes, const char* name, std::int64_t fallback) {
    const auto found = attributes.find(name);
    return found == attributes.end() || found->second.empty() ? fallback : found->second.front();
}

at::Tensor gather(const at::Tensor& from, const at::Tensor& numbers, std::int64_t axis) {
    const auto at = axis < 0 ? axis + from.dim() : axis;
    std::vector<std::int64_t> shape = from.sizes().slice(0, static_cast<std::size_t>(at)).vec();
    shape.insert(shape.end(), numbers.sizes().begin(), numbers.sizes().end());
    const auto behind = from.sizes().slice(static_cast<std::size_t>(at) + 1);
    shape.insert(shape.end(), behind.begin(), behind.end());
    return from.index_select(at, numbers.reshape({-1}).to(at::kLong)).reshape(shape);
}

at::Tensor reshape(const at::Tensor& x, std::vector<std::int64_t> shape) {
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (shape[i] == 0) // as it was
            shape[i] = x.size(static_cast<std::int64_t>(i));
    return x.reshape(shape);
}

at::Tensor unsqueeze(at::Tensor x, std::vector<std::int64_t> axes) {
    const auto dimensions = x.dim() + static_cast<std::int64_t>(axes.size());
    for (auto& axis : axes)
        axis = axis < 0 ? axis + dimensions : axis;
    std::sort(axes.begin(), axes.end());
    for (const auto axis : axes)
        x = x.unsqueeze(axis);
    return x;
}

at::Tensor slice(at::Tensor x, const std::vector<std::int64_t>& begins, const std::vector<std::int64_t>& ends,
                 const std::vector<std::int64_t>& axes) {
    for (std::size_t i = 0; i < axes.size(); ++i)
        x = x.slice(axes[i], begins[i], ends[i]);
    return x;
}

using In = std::vector<at::Tensor>;
using Apply = at::Tensor (*)(const In&, const Attributes&);

/// The operators, each with the fewest inputs that it takes.
struct Operator {
    std::size_t inputs;
    Apply apply;
};
const std::unordered_map<std::string, Operator>& operators() {
    static const std::unordered_map<std::string, Operator> all{
        {"Identity", {1, [](const In& in, const Attributes&) { return in[0]; }}},
        {"Add", {2, [](const In& in, const Attributes&) { return in[0] + in[1]; }}},
        {"Sub", {2, [](const In& in, const Attributes&) { return in[0] - in[1]; }}},
        {"Mul", {2, [](const In& in, const Attributes&) { return in[0] * in[1]; }}},
        {"Div", {2, [](const In& in, const Attributes&) { return in[0] / in[1]; }}},
        {"Pow", {2, [](const In& in, const Attributes&) { return at::pow(in[0], in[1]); }}},
        {"Max", {2, [](const In& in, const Attributes&) { return at::maximum(in[0], in[1]); }}},
        {"Sqrt", {1, [](const In& in, const Attributes&) { return at::sqrt(in[0]); }}},
        {"Erf", {1, [](const In& in, const Attributes&) { return at::erf(in[0]); }}},
        {"Tanh", {1, [](const In& in, const Attributes&) { return at::tanh(in[0]); }}},
        {"Relu", {1, [](const In& in, const Attributes&) { return at::relu(in[0]); }}},
        {"Not", {1, [](const In& in, const Attributes&) { return at::logical_not(in[0]); }}},
        {"Equal", {2, [](const In& in, const Attributes&) { return in[0].eq(in[1]); }}},
        {"LessOrEqual", {2, [](const In& in, const Attributes&) { return in[0].le(in[1]); }}},
        {"GreaterOrEqual", {2, [](const In& in, const Attributes&) { return in[0].ge(in[1]); }}},
        {"Where", {3, [](const In& in, const Attributes&) { return at::where(in[0], in[1], in[2]); }}},
        {"MatMul", {2, [](const In& in, const Attributes&) { return at::matmul(in[0], in[1]); }}},
        {"Cast",
         {1,
          [](const In& in, const Attributes& a) {
              return in[0].to(scalarTypeOf(static_cast<OnnxType>(oneOf(a, "to", 1))));
          }}},
        {"Gather",
         {2, [](const In& in, const Attributes& a) { return gather(in[0], in[1], oneOf(a, "axis", 0)); }}},
        {"Softmax",
         {1, [](const In& in, const Attributes& a) { return at::softmax(in[0], oneOf(a, "axis", -1)); }}},
        {"ReduceSum",
         {2,
          [](const In& in, const Attributes& a) {
              return at::sum(in[0], numbersOf(in[1]), oneOf(a, "keepdims", 1) != 0);
          }}},
        {"ReduceMean",
         {1,
          [](const In& in, const Attributes& a) {
              return at::mean(in[0], a.at("axes"), oneOf(a, "keepdims", 1) != 0);
          }}},
        {"CumSum",
         {2, [](const In& in, const Attributes&) { return at::cumsum(in[0], numbersOf(in[1]).at(0)); }}},
        {"Shape",
         {1, [](const In& in, const Attributes&) { return at::tensor(in[0].sizes().vec(), at::kLong); }}},
        {"Reshape", {2, [](const In& in, const Attributes&) { return reshape(in[0], numbersOf(in[1])); }}},
        {"Transpose", {1, [](const In& in, const Attributes& a) { return in[0].permute(a.at("perm")); }}},
        {"Unsqueeze",
         {2, [](const In& in, const Attributes&) { return unsqueeze(in[0], numbersOf(in[1])); }}},
        {"Slice",
         {4,
          [](const In& in, const Attributes&) {
              return slice(in[0], numbersOf(in[1]), numbersOf(in[2]), numbersOf(in[3]));
          }}},
    };
    return all;
}

} // namespace

Result<OnnxEvaluator> OnnxEvaluator::of(const OnnxModel& model, const std::string& shown) {
    const auto damaged = [&](const std::string& what) { return damagedExport(shown, what); };
    OnnxEvaluator evaluator;
    evaluator.inputs_ = model.inputs;
    evaluator.output_ = model.output;
    for (const auto& stored : model.tensors) {
        const at::ScalarType type = scalarTypeOf(stored.type);
        std::size_t bytes = c10::elementSize(type);
        for (const auto size : stored.shape)
            bytes = size < 0 || size > (1LL << 31) ? 0 : bytes * static_cast<std::size_t>(size);
        if (bytes != stored.bytes.size())
            return damaged(fmt::format("tensor '{}' has not the bytes of its shape", stored.name));
        at::Tensor tensor = at::empty(stored.shape, type);
        std::ranges::copy(stored.bytes, static_cast<char*>(tensor.data_ptr()));
        evaluator.constants_[stored.name] = std::move(tensor);
    }
    for (const auto& node : model.nodes) {
        const auto known = operators().find(node.op);
        if (known == operators().end() || node.inputs.size() < known->second.inputs)
            return damaged(fmt::format("'{}' is an operator that no export has", node.op));
        Step step{node.op, node.inputs, node.output, {}};
        for (const auto& [name, value] : node.attributes)
            step.attributes[name] = std::holds_alternative<std::int64_t>(value)
                                        ? std::vector<std::int64_t>{std::get<std::int64_t>(value)}
                                        : std::get<std::vector<std::int64_t>>(value);
        evaluator.steps_.push_back(std::move(step));
    }
    evaluator.fold();
    return evaluator;
}

at::Tensor OnnxEvaluator::apply(const Step& step, const std::vector<at::Tensor>& in) {
    return operators().at(step.op).apply(in, step.attributes);
}

void OnnxEvaluator::fold() {
    const at::NoGradGuard off;
    std::vector<Step> left;
    for (auto& step : steps_) {
        std::vector<at::Tensor> in;
        for (const auto& name : step.inputs)
            if (const auto found = constants_.find(name); found != constants_.end())
                in.push_back(found->second);
        if (in.size() == step.inputs.size())
            constants_[step.output] = apply(step, in);
        else
            left.push_back(std::move(step));
    }
    steps_ = std::move(left);
    std::set<std::string> used{output_}; // a folded step's own inputs are not
    for (const auto& step : steps_)
        used.insert(step.inputs.begin(), step.inputs.end());
    std::erase_if(constants_, [&](const auto& entry) { return used.count(entry.first) == 0; });
}

at::Tensor OnnxEvaluator::run(const std::vector<at::Tensor>& inputs) const {
    const at::NoGradGuard off;
    // A value goes with the last step that reads it.
    std::unordered_map<std::string, std::size_t> lastRead;
    for (std::size_t i = 0; i < steps_.size(); ++i)
        for (const auto& name : steps_[i].inputs)
            lastRead[name] = i;
    Values values;
    for (std::size_t i = 0; i < inputs_.size(); ++i)
        values[inputs_[i]] = inputs.at(i);
    for (std::size_t i = 0; i < steps_.size(); ++i) {
        std::vector<at::Tensor> in;
        for (const auto& name : steps_[i].inputs) {
            const auto made = values.find(name);
            in.push_back(made != values.end() ? made->second : constants_.at(name));
        }
        values[steps_[i].output] = apply(steps_[i], in);
        for (const auto& name : steps_[i].inputs)
            if (lastRead[name] == i)
                values.erase(name);
    }
    return values.at(output_);
}

} // namespace stillroom
