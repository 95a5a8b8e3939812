#include "core/student/ngram_parameters.h"

#include "core/base/random.h"
#include "core/student/stored_tensor.h"
#include "core/student/student_file.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace stillroom {

namespace {

std::span<const std::byte> bytesOf(const at::Tensor& tensor) {
    return {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()};
}

} // namespace

NgramParameters NgramParameters::initial(std::int64_t rows, int dimensions, int classCount,
                                         std::uint64_t seed) {
    NgramParameters parameters;
    parameters.embedding = at::zeros({rows, dimensions}, at::kFloat);
    parameters.head = at::empty({classCount, dimensions}, at::kFloat);
    parameters.bias = at::zeros({classCount}, at::kFloat);
    Random random(seed, "head");
    // With the embedding at zero the first logits are zero whatever the head is; its scale only decides how
    // fast the embedding moves: ∂z/∂embedding ~ head² · D. 12/√D was measured on HumAID at learning rate 1
    // (0.5 to 2 times that gives the same accuracy within a standard deviation).
    const auto bound = static_cast<float>(12 / std::sqrt(static_cast<double>(dimensions)));
    auto* head = parameters.head.data_ptr<float>();
    for (std::int64_t i = 0; i < parameters.head.numel(); ++i)
        head[i] = static_cast<float>(2 * random.uniform() - 1) * bound;
    return parameters;
}

NgramParameters NgramParameters::clone() const {
    return {embedding.clone(), head.clone(), bias.clone()};
}

void NgramParameters::copyFrom(const NgramParameters& other) {
    embedding.copy_(other.embedding);
    head.copy_(other.head);
    bias.copy_(other.bias);
}

NgramRows rowsInUse(const at::Tensor& embedding) {
    const auto dimensions = static_cast<std::size_t>(embedding.size(1));
    const auto* weights = embedding.data_ptr<float>();
    const std::vector<float> zeros(dimensions, 0.0F);
    NgramRows rows;
    for (std::int64_t row = 0; row < embedding.size(0); ++row)
        if (std::memcmp(weights + static_cast<std::size_t>(row) * dimensions, zeros.data(),
                        dimensions * sizeof(float)) != 0)
            rows.numbers.push_back(row);
    rows.values = at::empty({static_cast<std::int64_t>(rows.numbers.size()), embedding.size(1)}, at::kFloat);
    auto* to = rows.values.data_ptr<float>();
    for (const auto row : rows.numbers) {
        std::memcpy(to, weights + static_cast<std::size_t>(row) * dimensions, dimensions * sizeof(float));
        to += dimensions;
    }
    return rows;
}

bool putRows(const NgramRows& rows, at::Tensor& embedding) {
    const auto dimensions = static_cast<std::size_t>(embedding.size(1));
    if (rows.values.scalar_type() != at::kFloat || rows.values.dim() != 2 ||
        rows.values.size(0) != static_cast<std::int64_t>(rows.numbers.size()) ||
        rows.values.size(1) != embedding.size(1) ||
        std::any_of(rows.numbers.begin(), rows.numbers.end(),
                    [&](std::int64_t row) { return row < 0 || row >= embedding.size(0); }))
        return false;
    const auto* from = rows.values.data_ptr<float>();
    auto* to = embedding.data_ptr<float>();
    for (const auto row : rows.numbers) {
        std::memcpy(to + static_cast<std::size_t>(row) * dimensions, from, dimensions * sizeof(float));
        from += dimensions;
    }
    return true;
}

Result<void> writeNgramFile(const std::string& path, const NgramFile& file) {
    const std::int64_t dimensions = file.parameters.embedding.size(1);
    const NgramRows kept = rowsInUse(file.parameters.embedding);
    std::vector<std::int64_t> buckets;
    buckets.reserve(kept.numbers.size());
    for (const auto row : kept.numbers)
        buckets.push_back(file.buckets[static_cast<std::size_t>(row)]);
    auto metadata = studentMetadata("ngram", file.classes);
    metadata["buckets"] = std::to_string(file.recipe.buckets);
    metadata["word_ngrams"] = std::to_string(file.recipe.wordNgrams);
    metadata["char_ngrams_min"] = std::to_string(file.recipe.charNgramsMin);
    metadata["char_ngrams_max"] = std::to_string(file.recipe.charNgramsMax);
    const auto rows = static_cast<std::int64_t>(buckets.size());
    return writeSafetensors(
        path,
        {{"embedding.weight", TensorType::F32, {rows, dimensions}, bytesOf(kept.values)},
         {"embedding.buckets", TensorType::I64, {rows}, std::as_bytes(std::span(buckets))},
         {"head.weight",
          TensorType::F32,
          {file.parameters.head.size(0), dimensions},
          bytesOf(file.parameters.head)},
         {"head.bias", TensorType::F32, {file.parameters.bias.size(0)}, bytesOf(file.parameters.bias)}},
        metadata);
}

Result<NgramFile> readNgramFile(const std::string& path) {
    const auto stored = readStudentFile(path);
    if (!stored)
        return fail(stored.error());
    return parseNgramFile(*stored, path);
}

Result<NgramFile> parseNgramFile(const Safetensors& stored, const std::string& path) {
    StudentFileParts parts(stored);
    NgramFile file;
    if (const std::string kind = parts.text("kind"); kind != "ngram")
        parts.complain(fmt::format("its kind '{}' is not known", kind));
    file.recipe.buckets = parts.number("buckets", 1, 1LL << 32);
    file.recipe.wordNgrams = static_cast<int>(parts.number("word_ngrams", 1, 16));
    file.recipe.charNgramsMin = static_cast<int>(parts.number("char_ngrams_min", 0, 16));
    file.recipe.charNgramsMax = static_cast<int>(parts.number("char_ngrams_max", 0, 16));
    file.classes = parts.classes();
    const auto classes = static_cast<std::int64_t>(file.classes.size());
    const auto* head = parts.tensor("head.weight", TensorType::F32, {classes, -1});
    const auto* bias = parts.tensor("head.bias", TensorType::F32, {classes});
    const auto* buckets = parts.tensor("embedding.buckets", TensorType::I64, {-1});
    const auto* embedding = !head || !buckets ? nullptr
                                              : parts.tensor("embedding.weight", TensorType::F32,
                                                             {buckets->shape[0], head->shape[1]});
    if (parts.wrong().empty()) {
        file.buckets.resize(static_cast<std::size_t>(buckets->shape[0]));
        for (std::size_t i = 0; i < file.buckets.size(); ++i) {
            std::int64_t bucket = 0;
            std::memcpy(&bucket, buckets->data.data() + i * sizeof bucket, sizeof bucket);
            if (bucket < 0 || bucket >= file.recipe.buckets)
                parts.complain(
                    fmt::format("n-gram bucket {} is outside 0 to {}", bucket, file.recipe.buckets - 1));
            file.buckets[i] = static_cast<std::uint32_t>(bucket);
        }
    }
    if (!parts.wrong().empty())
        return parts.error(path);
    file.parameters = {toTensor(*embedding), toTensor(*head), toTensor(*bias)};
    return file;
}

} // namespace stillroom
