#include "core/student/onnx_file.h"

#include "core/student/damaged_export.h"

#include <fmt/format.h>
#include <limits>
#include <onnx/checker.h>
#include <onnx/onnx_pb.h>

namespace stillroom {

namespace {

constexpr std::size_t LargestFile = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t IrVersion = 7; // that came with the opset

void addInput(onnx::GraphProto& graph, const std::string& name) {
    auto* value = graph.add_input();
    value->set_name(name);
    auto* type = value->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::INT64);
    type->mutable_shape()->add_dim()->set_dim_param("batch");
    type->mutable_shape()->add_dim()->set_dim_param("length");
}

void addOutput(onnx::GraphProto& graph, const std::string& name, std::int64_t columns) {
    auto* value = graph.add_output();
    value->set_name(name);
    auto* type = value->mutable_type()->mutable_tensor_type();
    type->set_elem_type(onnx::TensorProto::FLOAT);
    type->mutable_shape()->add_dim()->set_dim_param("batch");
    type->mutable_shape()->add_dim()->set_dim_value(columns);
}

void addTensor(onnx::GraphProto& graph, OnnxTensor tensor) {
    auto* to = graph.add_initializer();
    to->set_name(tensor.name);
    to->set_data_type(static_cast<std::int32_t>(tensor.type));
    for (const auto size : tensor.shape)
        to->add_dims(size);
    to->set_raw_data(std::move(tensor.bytes));
}

void addNode(onnx::GraphProto& graph, const OnnxNode& node) {
    auto* to = graph.add_node();
    to->set_name(node.output);
    to->set_op_type(node.op);
    for (const auto& in : node.inputs)
        to->add_input(in);
    to->add_output(node.output);
    for (const auto& [name, value] : node.attributes) {
        auto* attribute = to->add_attribute();
        attribute->set_name(name);
        if (const auto* one = std::get_if<std::int64_t>(&value)) {
            attribute->set_type(onnx::AttributeProto::INT);
            attribute->set_i(*one);
        } else {
            attribute->set_type(onnx::AttributeProto::INTS);
            for (const auto i : std::get<std::vector<std::int64_t>>(value))
                attribute->add_ints(i);
        }
    }
}

bool isKnown(std::int32_t type) {
    switch (static_cast<OnnxType>(type)) {
    case OnnxType::Float:
    case OnnxType::Int8:
    case OnnxType::Int32:
    case OnnxType::Int64:
    case OnnxType::Half:
        return true;
    }
    return false;
}

} // namespace

Result<std::string> onnxBytes(OnnxModel model, const std::string& shown) {
    const auto tooLarge = [&] {
        return fail(fmt::format(
            "{} would be larger than the 2 GiB that an ONNX file can hold; take half or int8 weights",
            shown));
    };
    std::size_t weights = 0;
    for (const auto& tensor : model.tensors)
        weights += tensor.bytes.size();
    if (weights > LargestFile)
        return tooLarge();
    onnx::ModelProto proto;
    proto.set_ir_version(IrVersion);
    proto.set_producer_name("stillroom");
    proto.set_producer_version(STILLROOM_VERSION);
    auto* opset = proto.add_opset_import();
    opset->set_domain("");
    opset->set_version(OnnxModel::Opset);
    auto& graph = *proto.mutable_graph();
    graph.set_name("student");
    for (const auto& name : model.inputs)
        addInput(graph, name);
    addOutput(graph, model.output, model.columns);
    for (auto& tensor : model.tensors)
        addTensor(graph, std::move(tensor));
    for (const auto& node : model.nodes)
        addNode(graph, node);
    for (const auto& [key, value] : model.metadata) {
        auto* entry = proto.add_metadata_props();
        entry->set_key(key);
        entry->set_value(value);
    }
    std::string bytes;
    if (proto.ByteSizeLong() > LargestFile || !proto.SerializeToString(&bytes))
        return tooLarge();
    return bytes;
}

Result<OnnxModel> parseOnnx(const std::string& bytes, const std::string& shown) {
    onnx::ModelProto proto;
    if (bytes.size() > LargestFile || !proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return damagedExport(shown, "it is no ONNX model");
    try {
        onnx::checker::check_model(proto);
    } catch (const std::exception& error) {
        const std::string_view what = error.what();
        return damagedExport(shown, fmt::format("onnx's checker says: {}", what.substr(0, what.find('\n'))));
    }
    OnnxModel model;
    auto& graph = *proto.mutable_graph();
    for (const auto& input : graph.input())
        model.inputs.push_back(input.name());
    if (graph.output_size() != 1)
        return damagedExport(shown, "it has another number of outputs than one");
    model.output = graph.output(0).name();
    for (auto& tensor : *graph.mutable_initializer()) {
        if (!isKnown(tensor.data_type()))
            return damagedExport(shown,
                                 fmt::format("tensor '{}' is of a type that no export has", tensor.name()));
        model.tensors.push_back({tensor.name(),
                                 static_cast<OnnxType>(tensor.data_type()),
                                 {tensor.dims().begin(), tensor.dims().end()},
                                 std::move(*tensor.mutable_raw_data())});
    }
    for (const auto& node : graph.node()) {
        if (node.output_size() != 1)
            return damagedExport(shown,
                                 fmt::format("'{}' has another number of outputs than one", node.op_type()));
        OnnxNode made{node.op_type(), {node.input().begin(), node.input().end()}, node.output(0), {}};
        for (const auto& attribute : node.attribute()) {
            if (attribute.type() == onnx::AttributeProto::INT)
                made.attributes.push_back({attribute.name(), std::int64_t{attribute.i()}});
            else
                made.attributes.push_back(
                    {attribute.name(),
                     std::vector<std::int64_t>(attribute.ints().begin(), attribute.ints().end())});
        }
        model.nodes.push_back(std::move(made));
    }
    for (const auto& entry : proto.metadata_props())
        model.metadata.emplace_back(entry.key(), entry.value());
    return model;
}

} // namespace stillroom
