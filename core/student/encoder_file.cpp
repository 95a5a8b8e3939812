#include "core/student/encoder_file.h"

#include "core/student/encoder_weights.h"
#include "core/student/stored_tensor.h"

#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>
#include <cstring>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr const char* TokenizerPrefix = "tokenizer/";
constexpr const char* PoolingNames[] = {"cls", "mean"};

/// `in` and `out` may be −1, any.
std::optional<LinearMap> readMap(StudentFileParts& parts, const std::string& name, std::int64_t out,
                                 std::int64_t in) {
    const auto* weight = parts.tensor(name + ".weight", TensorType::F32, {out, in});
    const auto* bias =
        weight == nullptr ? nullptr : parts.tensor(name + ".bias", TensorType::F32, {weight->shape[0]});
    if (bias == nullptr)
        return std::nullopt;
    return LinearMap{toTensor(*weight), toTensor(*bias)};
}

} // namespace

at::Tensor EncoderHead::forward(const at::Tensor& pooled) const {
    return at::linear(beforeLast(pooled), out.weight, out.bias);
}

at::Tensor EncoderHead::beforeLast(const at::Tensor& pooled) const {
    return hidden ? at::relu(at::linear(pooled, hidden->weight, hidden->bias)) : pooled;
}

Result<void> writeEncoderFile(const std::string& path, const EncoderFile& file, const Encoder& encoder) {
    auto metadata = studentMetadata("encoder", file.classes);
    metadata["config"] = toJson(encoder.config());
    metadata["length"] = std::to_string(file.length);
    metadata["pooling"] = PoolingNames[static_cast<int>(file.pooling)];
    metadata["hidden"] = std::to_string(file.head.hidden ? file.head.hidden->weight.size(0) : 0);
    for (const auto& [name, bytes] : file.tokenizer)
        metadata[TokenizerPrefix + name] = bytes;
    auto tensors = encoder.storedTensors();
    if (file.head.hidden) {
        tensors.push_back({"hidden.weight", file.head.hidden->weight});
        tensors.push_back({"hidden.bias", file.head.hidden->bias});
    }
    tensors.push_back({"head.weight", file.head.out.weight});
    tensors.push_back({"head.bias", file.head.out.bias});
    return writeSafetensors(path, viewsOf(tensors), metadata);
}

Result<OpenedEncoderFile> parseEncoderFile(const Safetensors& stored, const std::string& path) {
    StudentFileParts parts(stored);
    EncoderFile file;
    const std::string config = parts.text("config");
    file.classes = parts.classes();
    file.length = static_cast<int>(parts.number("length", 1, 1 << 20));
    const std::string pooling = parts.text("pooling");
    if (pooling == PoolingNames[0])
        file.pooling = Pooling::Cls;
    else if (pooling != PoolingNames[1])
        parts.complain(fmt::format("its pooling '{}' is not known", pooling));
    const auto hidden = parts.number("hidden", 0, 1 << 20);
    for (const auto& [key, value] : stored.metadata())
        if (key.starts_with(TokenizerPrefix))
            file.tokenizer.emplace(key.substr(std::strlen(TokenizerPrefix)), value);
    if (file.tokenizer.empty())
        parts.complain("its tokenizer is missing");
    if (!parts.wrong().empty())
        return parts.error(path);

    const auto shape = readEncoderConfig(config, path);
    if (!shape)
        return fail(shape.error());
    auto encoder = Encoder::fromStored(*shape, stored.tensors(), path);
    if (!encoder)
        return fail(std::move(encoder.error()));
    if (hidden > 0)
        file.head.hidden = readMap(parts, "hidden", hidden, shape->width);
    if (auto out = readMap(parts, "head", static_cast<std::int64_t>(file.classes.size()),
                           hidden > 0 ? hidden : shape->width))
        file.head.out = std::move(*out);
    if (!parts.wrong().empty())
        return parts.error(path);
    return OpenedEncoderFile{std::move(file), std::move(*encoder)};
}

} // namespace stillroom
