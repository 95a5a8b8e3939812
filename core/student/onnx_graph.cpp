#include "core/student/onnx_graph.h"

#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/tensor.h>
#include <fmt/format.h>

namespace stillroom {

namespace {

OnnxType typeOf(at::ScalarType type) {
    switch (type) {
    case at::kHalf:
        return OnnxType::Half;
    case at::kChar:
        return OnnxType::Int8;
    case at::kInt:
        return OnnxType::Int32;
    case at::kLong:
        return OnnxType::Int64;
    default:
        return OnnxType::Float;
    }
}

} // namespace

std::string OnnxGraph::fresh(const std::string& what) {
    return fmt::format("{}_{}", what, ++made_);
}

std::string OnnxGraph::input(const std::string& name) {
    model_.inputs.push_back(name);
    return name;
}

void OnnxGraph::output(const std::string& value, const std::string& name, std::int64_t columns) {
    model_.nodes.push_back({"Identity", {value}, name});
    model_.output = name;
    model_.columns = columns;
}

std::string OnnxGraph::node(const std::string& op, std::vector<std::string> inputs,
                            std::vector<OnnxAttribute> attributes) {
    std::string out = fresh(op);
    model_.nodes.push_back({op, std::move(inputs), out, std::move(attributes)});
    return out;
}

std::string OnnxGraph::constant(const std::string& name, const at::Tensor& value) {
    const at::Tensor here = value.detach().contiguous();
    model_.tensors.push_back({name, typeOf(here.scalar_type()), here.sizes().vec(),
                              std::string(static_cast<const char*>(here.data_ptr()), here.nbytes())});
    return name;
}

std::string OnnxGraph::integers(const std::vector<std::int64_t>& values) {
    const auto [found, isNew] = integers_.try_emplace(values);
    if (isNew)
        found->second = constant(fresh("integers"), at::tensor(values, at::kLong));
    return found->second;
}

std::string OnnxGraph::number(float value) {
    const auto [found, isNew] = numbers_.try_emplace(value);
    if (isNew)
        found->second = constant(fresh("number"), at::scalar_tensor(value, at::kFloat));
    return found->second;
}

std::string OnnxGraph::toFloat(const std::string& value) {
    return node("Cast", {value}, {{"to", static_cast<std::int64_t>(OnnxType::Float)}});
}

std::string OnnxGraph::linear(const std::string& x, const std::string& name, const at::Tensor& weight,
                              const at::Tensor& bias) {
    const SmallMatrix small = shrink(weight, kind_);
    std::string matrix = constant(name + ".weight", small.values.t()); // in×out
    if (kind_ != ExportWeights::Full)
        matrix = toFloat(matrix);
    if (small.scales.defined())
        matrix = node("Mul", {matrix, constant(name + ".scale", small.scales)});
    return node("Add", {node("MatMul", {x, matrix}), constant(name + ".bias", bias)});
}

std::string OnnxGraph::rows(const std::string& name, const at::Tensor& table, const std::string& numbers) {
    const SmallMatrix small = shrink(table, kind_);
    const std::vector<OnnxAttribute> axis{{"axis", std::int64_t{0}}};
    std::string chosen = node("Gather", {constant(name, small.values), numbers}, axis);
    if (kind_ != ExportWeights::Full)
        chosen = toFloat(chosen);
    if (!small.scales.defined())
        return chosen;
    const std::string scales = node("Gather", {constant(name + ".scale", small.scales), numbers}, axis);
    return node("Mul", {chosen, node("Unsqueeze", {scales, integers({-1})})});
}

void OnnxGraph::metadata(const std::string& key, const std::string& value) {
    model_.metadata.emplace_back(key, value);
}

} // namespace stillroom
