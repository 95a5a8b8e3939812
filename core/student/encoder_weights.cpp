#include "core/student/encoder_weights.h"

#include <ATen/ops/empty.h>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <string_view>

namespace stillroom {

namespace {

/// Of one layer, behind "encoder.layer.N." or "transformer.layer.N.".
struct LayerNames {
    const char* layer;
    std::array<const char*, 3> queryKeyValue;
    const char* attention;
    const char* attentionNorm;
    const char* up;
    const char* down;
    const char* norm;
};
constexpr LayerNames BertNames = {
    "encoder.layer",          {"attention.self.query", "attention.self.key", "attention.self.value"},
    "attention.output.dense", "attention.output.LayerNorm",
    "intermediate.dense",     "output.dense",
    "output.LayerNorm"};
constexpr LayerNames DistilBertNames = {
    "transformer.layer", {"attention.q_lin", "attention.k_lin", "attention.v_lin"},
    "attention.out_lin", "sa_layer_norm",
    "ffn.lin1",          "ffn.lin2",
    "output_layer_norm"};

constexpr std::array<std::string_view, 4> Prefixes = {"", "bert.", "roberta.", "distilbert."};
constexpr const char* WordTable = "embeddings.word_embeddings.weight";

using StoredMap = std::map<std::string, Safetensors::Tensor>;
using Entry = StoredMap::value_type;

/// The tensor of that name; norms were called gamma and beta before 2019.
const Entry* find(const StoredMap& stored, const std::string& name) {
    if (const auto found = stored.find(name); found != stored.end())
        return &*found;
    const auto dot = name.rfind('.');
    const auto older = name.substr(0, dot + 1) + (name.substr(dot + 1) == "weight" ? "gamma" : "beta");
    const auto found = stored.find(older);
    return found == stored.end() ? nullptr : &*found;
}

std::optional<at::ScalarType> floatTypeOf(TensorType type) {
    switch (type) {
    case TensorType::F64:
        return at::kDouble;
    case TensorType::F32:
        return at::kFloat;
    case TensorType::F16:
        return at::kHalf;
    case TensorType::BF16:
        return at::kBFloat16;
    default:
        return {};
    }
}

bool allFinite(const at::Tensor& floats) {
    const auto* values = floats.data_ptr<float>();
    bool finite = true;
    for (std::int64_t i = 0; i < floats.numel(); ++i)
        finite = finite && std::isfinite(values[i]);
    return finite;
}

std::string shown(const std::vector<std::int64_t>& shape) {
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

} // namespace

std::vector<ParameterPlan> planParameters(const EncoderConfig& config) {
    std::vector<ParameterPlan> plans;
    const std::int64_t h = config.width;
    const auto table = [&](const char* name, std::int64_t rows, const char* stored) {
        plans.push_back({name, {rows, h}, 0, true, {stored}});
    };
    const auto norm = [&](const std::string& name, int depth, const std::string& stored) {
        for (const char* part : {".weight", ".bias"})
            plans.push_back({name + part, {h}, depth, false, {stored + part}});
    };
    table("embeddings.words", config.vocabulary, WordTable);
    table("embeddings.positions", config.positions, "embeddings.position_embeddings.weight");
    if (config.tokenTypes > 0)
        table("embeddings.types", config.tokenTypes, "embeddings.token_type_embeddings.weight");
    norm("embeddings.norm", 0, "embeddings.LayerNorm");

    const LayerNames& names = config.family == EncoderFamily::DistilBert ? DistilBertNames : BertNames;
    for (int layer = 0; layer < config.layers; ++layer) {
        const std::string ours = fmt::format("layers.{}.", layer);
        const std::string theirs = fmt::format("{}.{}.", names.layer, layer);
        const auto linear = [&](const char* name, std::int64_t out, std::int64_t in, auto... stored) {
            plans.push_back(
                {ours + name + ".weight", {out, in}, layer + 1, true, {theirs + stored + ".weight" ...}});
            plans.push_back(
                {ours + name + ".bias", {out}, layer + 1, false, {theirs + stored + ".bias" ...}});
        };
        const auto& [query, key, value] = names.queryKeyValue;
        linear("qkv", 3 * h, h, query, key, value);
        linear("attention", h, h, names.attention);
        norm(ours + "attentionNorm", layer + 1, theirs + names.attentionNorm);
        linear("up", config.intermediate, h, names.up);
        linear("down", h, config.intermediate, names.down);
        norm(ours + "norm", layer + 1, theirs + names.norm);
    }
    return plans;
}

Result<std::vector<at::Tensor>> readWeights(const EncoderConfig& config, const StoredMap& stored,
                                            const std::string& shownFile) {
    std::string prefix;
    for (const auto known : Prefixes)
        if (stored.count(std::string(known) + WordTable) > 0) {
            prefix = known;
            break;
        }
    const auto plans = planParameters(config);
    // Everything is checked before anything is allocated: a config may claim what it likes.
    std::vector<const Entry*> parts;
    for (const auto& plan : plans) {
        auto shape = plan.shape;
        shape[0] /= static_cast<std::int64_t>(plan.stored.size());
        for (const auto& name : plan.stored) {
            const Entry* part = find(stored, prefix + name);
            if (part == nullptr)
                return fail(
                    fmt::format("{}: tensor '{}' is missing; its config.json asks for shape {}: take both "
                                "files from one model",
                                shownFile, prefix + name, shown(shape)));
            if (part->second.shape != shape)
                return fail(
                    fmt::format("{}: tensor '{}' has shape {}, its config.json asks for {}; take both files "
                                "from one model",
                                shownFile, part->first, shown(part->second.shape), shown(shape)));
            if (!floatTypeOf(part->second.type))
                return fail(
                    fmt::format("{}: tensor '{}' is of type {}; take weights stored as F32, F16 or BF16",
                                shownFile, part->first, nameOf(part->second.type)));
            parts.push_back(part);
        }
    }
    std::vector<at::Tensor> values;
    auto part = parts.begin();
    for (const auto& plan : plans) {
        at::Tensor value = at::empty(plan.shape, at::kFloat);
        const std::int64_t rows = plan.shape[0] / static_cast<std::int64_t>(plan.stored.size());
        for (std::int64_t row = 0; row < plan.shape[0]; row += rows, ++part) {
            const auto& [name, tensor] = **part;
            at::Tensor place = value.narrow(0, row, rows);
            if (tensor.type == TensorType::F32) {
                std::memcpy(place.data_ptr(), tensor.data.data(), tensor.data.size());
            } else { // through memory that is aligned, which the file's need not be
                const at::Tensor aligned = at::empty(place.sizes(), *floatTypeOf(tensor.type));
                std::memcpy(aligned.data_ptr(), tensor.data.data(), tensor.data.size());
                place.copy_(aligned);
            }
            if (!allFinite(place))
                return fail(fmt::format(
                    "{}: tensor '{}' holds a number that is not finite; take another copy", shownFile, name));
        }
        values.push_back(std::move(value));
    }
    return values;
}

std::vector<NamedTensor> toStoredTensors(const EncoderConfig& config, const std::vector<at::Tensor>& values) {
    const auto plans = planParameters(config);
    assert(values.size() == plans.size());
    std::vector<NamedTensor> tensors;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        const bool isDouble = values[i].scalar_type() == at::kDouble;
        const at::Tensor value =
            values[i].detach().to(at::kCPU, isDouble ? at::kDouble : at::kFloat).contiguous();
        const auto& names = plans[i].stored;
        const std::int64_t rows = value.size(0) / static_cast<std::int64_t>(names.size());
        for (std::size_t part = 0; part < names.size(); ++part)
            tensors.push_back({names[part], value.narrow(0, static_cast<std::int64_t>(part) * rows, rows)});
    }
    return tensors;
}

std::vector<TensorView> viewsOf(const std::vector<NamedTensor>& tensors) {
    std::vector<TensorView> views;
    for (const auto& [name, value] : tensors) {
        assert(value.is_contiguous() && value.device().is_cpu());
        const TensorType type = value.scalar_type() == at::kDouble     ? TensorType::F64
                                : value.scalar_type() == at::kLong     ? TensorType::I64
                                : value.scalar_type() == at::kInt      ? TensorType::I32
                                : value.scalar_type() == at::kByte     ? TensorType::U8
                                : value.scalar_type() == at::kBFloat16 ? TensorType::BF16
                                : value.scalar_type() == at::kHalf     ? TensorType::F16
                                : value.scalar_type() == at::kChar     ? TensorType::I8
                                                                       : TensorType::F32;
        views.push_back({name,
                         type,
                         value.sizes().vec(),
                         {static_cast<const std::byte*>(value.data_ptr()), value.nbytes()}});
    }
    return views;
}

} // namespace stillroom
