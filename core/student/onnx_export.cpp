#include "core/student/onnx_export.h"

#include "core/files/atomic_file.h"
#include "core/files/read_text_file.h"
#include "core/student/onnx_evaluator.h"
#include "core/student/onnx_graph.h"

#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/tensor.h>
#include <QJsonDocument>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace stillroom {

namespace {

constexpr std::size_t LargestFile = std::size_t{1} << 31;

std::string sum(OnnxGraph& graph, const std::string& x, std::int64_t axis, std::int64_t keep) {
    return graph.node("ReduceSum", {x, graph.integers({axis})}, {{"keepdims", keep}});
}

/// Of each n-gram the row of its bucket, or some row; and whether it is that one (float32, 0 or 1). ONNX has
/// no search: 2^n buckets take n steps of comparing, each of all n-grams at once.
struct Found {
    std::string row, known;
};
Found findRows(OnnxGraph& graph, const NgramFile& file, const std::string& ngrams) {
    std::size_t places = 1;
    while (places < file.buckets.size())
        places *= 2;
    // int32 where the largest of them is above every bucket; what is filled up is found by nobody.
    const bool narrow = file.recipe.buckets < std::numeric_limits<std::int32_t>::max();
    std::vector<std::int64_t> buckets(file.buckets.begin(), file.buckets.end());
    buckets.resize(places, narrow ? std::int64_t{std::numeric_limits<std::int32_t>::max()}
                                  : std::numeric_limits<std::int64_t>::max());
    const auto type = narrow ? at::kInt : at::kLong;
    const std::string table = graph.constant("buckets", at::tensor(buckets, at::kLong).to(type));
    const std::string wanted =
        narrow ? graph.node("Cast", {ngrams}, {{"to", static_cast<std::int64_t>(OnnxType::Int32)}}) : ngrams;
    const std::vector<OnnxAttribute> axis{{"axis", std::int64_t{0}}};
    std::string row = graph.node("Sub", {ngrams, ngrams});
    for (std::size_t step = places / 2; step > 0; step /= 2) {
        const std::string next = graph.node("Add", {row, graph.integers({static_cast<std::int64_t>(step)})});
        const std::string bucket = graph.node("Gather", {table, next}, axis);
        row = graph.node("Where", {graph.node("LessOrEqual", {bucket, wanted}), next, row});
    }
    const std::string bucket = graph.node("Gather", {table, row}, axis);
    return {row, graph.toFloat(graph.node("Equal", {bucket, wanted}))};
}

void buildNgram(OnnxGraph& graph, const NgramFile& file) {
    const std::string ngrams = graph.input(NgramInput);
    const auto [row, known] = findRows(graph, file, ngrams);
    const std::string rows = graph.rows("embedding", file.parameters.embedding, row);
    const std::string seen =
        graph.node("Mul", {rows, graph.node("Unsqueeze", {known, graph.integers({-1})})});
    const std::string isNgram = graph.toFloat(graph.node("GreaterOrEqual", {ngrams, graph.integers({0})}));
    const std::string count = graph.node("Max", {sum(graph, isNgram, 1, 1), graph.number(1)});
    const std::string hidden = graph.node("Div", {sum(graph, seen, 1, 0), graph.node("Sqrt", {count})});
    const std::string logits = graph.linear(hidden, "head", file.parameters.head, file.parameters.bias);
    graph.output(graph.node("Softmax", {logits}, {{"axis", std::int64_t{1}}}), Output,
                 static_cast<std::int64_t>(file.classes.size()));
}

/// A transformer's parts as nodes; the shapes of layer norm and GELU are those that onnxruntime fuses.
class EncoderNodes {
  public:
    EncoderNodes(OnnxGraph& graph, const Encoder& encoder) : graph_(graph), encoder_(encoder) {}

    [[nodiscard]] const at::Tensor& value(const std::string& name) const {
        const auto& all = encoder_.parameters();
        return std::find_if(all.begin(), all.end(), [&](const auto& p) { return p.name == name; })->value;
    }
    std::string linear(const std::string& x, const std::string& name) {
        return graph_.linear(x, name, value(name + ".weight"), value(name + ".bias"));
    }
    std::string norm(const std::string& x, const std::string& name) {
        const auto mean = [&](const std::string& of) {
            return graph_.node("ReduceMean", {of},
                               {{"axes", std::vector<std::int64_t>{-1}}, {"keepdims", std::int64_t{1}}});
        };
        const std::string centred = graph_.node("Sub", {x, mean(x)});
        const std::string variance = mean(graph_.node("Pow", {centred, graph_.number(2)}));
        const std::string deviation = graph_.node(
            "Sqrt",
            {graph_.node("Add", {variance, graph_.number(static_cast<float>(encoder_.config().epsilon))})});
        const std::string scaled =
            graph_.node("Mul", {graph_.node("Div", {centred, deviation}),
                                graph_.constant(name + ".weight", value(name + ".weight"))});
        return graph_.node("Add", {scaled, graph_.constant(name + ".bias", value(name + ".bias"))});
    }
    std::string activate(const std::string& x) {
        const auto by = [&](const char* op, const std::string& a, float b) {
            return graph_.node(op, {a, graph_.number(b)});
        };
        switch (encoder_.config().activation) {
        case Activation::Gelu: { // x/2 · (1 + erf(x/√2))
            const std::string erf = graph_.node("Erf", {by("Div", x, std::sqrt(2.0F))});
            return by("Mul", graph_.node("Mul", {x, by("Add", erf, 1)}), 0.5F);
        }
        case Activation::GeluTanh: { // x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³)))
            const std::string cube = by("Mul", by("Pow", x, 3), 0.044715F);
            const std::string inner = by("Mul", graph_.node("Add", {x, cube}), 0.7978845608F);
            return by("Mul", graph_.node("Mul", {x, by("Add", graph_.node("Tanh", {inner}), 1)}), 0.5F);
        }
        case Activation::Relu:
            break;
        }
        return graph_.node("Relu", {x});
    }
    std::string heads(const std::string& x) { // N×L×H → N×heads×L×d
        const auto& c = encoder_.config();
        return transpose(reshape(x, {0, 0, c.heads, c.width / c.heads}), {0, 2, 1, 3});
    }
    std::string attention(const std::string& x, const std::string& name, const std::string& padding) {
        const auto& c = encoder_.config();
        const at::Tensor& weight = value(name + "qkv.weight");
        const at::Tensor& bias = value(name + "qkv.bias");
        std::vector<std::string> parts;
        for (int part = 0; part < 3; ++part)
            parts.push_back(heads(graph_.linear(x, fmt::format("{}{}", name, "qkv"[part]),
                                                weight.narrow(0, part * c.width, c.width),
                                                bias.narrow(0, part * c.width, c.width))));
        const std::string scores = graph_.node("MatMul", {parts[0], transpose(parts[1], {0, 1, 3, 2})});
        const std::string scaled =
            graph_.node("Div", {scores, graph_.number(std::sqrt(static_cast<float>(c.width / c.heads)))});
        const std::string shares =
            graph_.node("Softmax", {graph_.node("Add", {scaled, padding})}, {{"axis", std::int64_t{3}}});
        const std::string context =
            reshape(transpose(graph_.node("MatMul", {shares, parts[2]}), {0, 2, 1, 3}), {0, 0, c.width});
        return linear(context, name + "attention");
    }

  private:
    std::string reshape(const std::string& x, const std::vector<std::int64_t>& shape) {
        return graph_.node("Reshape", {x, graph_.integers(shape)});
    }
    std::string transpose(const std::string& x, std::vector<std::int64_t> order) {
        return graph_.node("Transpose", {x}, {{"perm", std::move(order)}});
    }

    OnnxGraph& graph_;
    const Encoder& encoder_;
};

/// Of each token the vector of its position: N×L×H, or L×H for all texts.
std::string positions(OnnxGraph& graph, const OpenedEncoderFile& student, const EncoderNodes& nodes,
                      const std::string& ids) {
    const EncoderConfig& config = student.encoder.config();
    const at::Tensor& table = nodes.value("embeddings.positions");
    if (config.family != EncoderFamily::Roberta) {
        const std::string length = graph.node("Gather", {graph.node("Shape", {ids}), graph.integers({1})},
                                              {{"axis", std::int64_t{0}}});
        // 0 … L−1, cut out of all there are.
        std::vector<std::int64_t> all(static_cast<std::size_t>(config.positions));
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = static_cast<std::int64_t>(i);
        const std::string places =
            graph.node("Slice", {graph.integers(all), graph.integers({0}), length, graph.integers({0})});
        return graph.rows("embeddings.positions", table, places);
    }
    const std::string pad = graph.integers({config.padId});
    const std::string counts = graph.node("Cast", {graph.node("Not", {graph.node("Equal", {ids, pad})})},
                                          {{"to", static_cast<std::int64_t>(OnnxType::Int64)}});
    const std::string axis = graph.constant("one_axis", at::scalar_tensor(1, at::kLong));
    const std::string counted = graph.node("Mul", {graph.node("CumSum", {counts, axis}), counts});
    return graph.rows("embeddings.positions", table, graph.node("Add", {counted, pad}));
}

void buildEncoder(OnnxGraph& graph, const OpenedEncoderFile& student) {
    const EncoderConfig& config = student.encoder.config();
    const EncoderHead& head = student.file.head;
    EncoderNodes nodes(graph, student.encoder);
    const std::string ids = graph.input(IdsInput);
    const std::string mask = graph.toFloat(graph.input(MaskInput));
    // −10⁹ for what is filled up: e to that is 0.
    const std::string padding = graph.node(
        "Mul", {graph.node("Sub", {graph.node("Unsqueeze", {mask, graph.integers({1, 2})}), graph.number(1)}),
                graph.number(1e9F)});
    std::string x = graph.rows("embeddings.words", nodes.value("embeddings.words"), ids);
    x = graph.node("Add", {x, positions(graph, student, nodes, ids)});
    if (config.tokenTypes > 0) // every token is of the first type
        x = graph.node("Add",
                       {x, graph.constant("embeddings.types", nodes.value("embeddings.types").select(0, 0))});
    x = nodes.norm(x, "embeddings.norm");
    for (std::int64_t layer = 0; layer < config.layers; ++layer) {
        const std::string name = fmt::format("layers.{}.", layer);
        x = nodes.norm(graph.node("Add", {x, nodes.attention(x, name, padding)}), name + "attentionNorm");
        const std::string up = nodes.activate(nodes.linear(x, name + "up"));
        x = nodes.norm(graph.node("Add", {x, nodes.linear(up, name + "down")}), name + "norm");
    }
    std::string pooled;
    if (student.file.pooling == Pooling::Cls) {
        const std::string first = graph.constant("first", at::scalar_tensor(0, at::kLong));
        pooled = graph.node("Gather", {x, first}, {{"axis", std::int64_t{1}}});
    } else {
        const std::string weighted =
            graph.node("Mul", {x, graph.node("Unsqueeze", {mask, graph.integers({-1})})});
        pooled = graph.node("Div", {sum(graph, weighted, 1, 0), sum(graph, mask, 1, 1)});
    }
    if (head.hidden)
        pooled = graph.node("Relu", {graph.linear(pooled, "hidden", head.hidden->weight, head.hidden->bias)});
    const std::string logits = graph.linear(pooled, "head", head.out.weight, head.out.bias);
    graph.output(graph.node("Softmax", {logits}, {{"axis", std::int64_t{1}}}), Output,
                 static_cast<std::int64_t>(student.file.classes.size()));
}

} // namespace

Result<void> writeOnnx(const std::string& path, const ExportParts& parts, const ExportFacts& facts) {
    OnnxGraph graph(facts.weights);
    if (const auto* ngram = parts.ngram())
        buildNgram(graph, *ngram);
    else
        buildEncoder(graph, *parts.encoder());
    graph.metadata(ExportFactsFile, QJsonDocument(facts.toJson()).toJson().toStdString());
    for (const auto& [name, bytes] : parts.tokenizer())
        graph.metadata("tokenizer/" + name, bytes);
    const auto bytes = onnxBytes(graph.take(), path);
    if (!bytes)
        return fail(bytes.error());
    return writeFileAtomically(QString::fromStdString(path), *bytes);
}

Result<ExportedForward> openOnnx(const std::string& path) {
    const auto bytes = readTextFile(path, LargestFile, "no ONNX file has more");
    if (!bytes)
        return fail(bytes.error());
    auto model = parseOnnx(*bytes, path);
    if (!model)
        return fail(std::move(model.error()));
    auto evaluator = OnnxEvaluator::of(std::move(*model), path);
    if (!evaluator)
        return fail(std::move(evaluator.error()));
    auto shared = std::make_shared<OnnxEvaluator>(std::move(*evaluator));
    return [shared](const at::Tensor& ids, const at::Tensor& mask) {
        return shared->run(mask.defined() ? std::vector<at::Tensor>{ids, mask}
                                          : std::vector<at::Tensor>{ids});
    };
}

} // namespace stillroom
