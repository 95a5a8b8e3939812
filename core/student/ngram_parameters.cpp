#include "core/student/ngram_parameters.h"

#include "core/base/number.h"
#include "core/base/random.h"
#include "core/student/safetensors.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr const char* FormatName = "stillroom-student";
constexpr long long FormatVersion = 1;

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

Result<void> writeNgramFile(const std::string& path, const NgramFile& file) {
    const at::Tensor& embedding = file.parameters.embedding;
    const std::int64_t dimensions = embedding.size(1);
    const auto* weights = embedding.data_ptr<float>();
    std::vector<float> kept;
    std::vector<std::int64_t> buckets;
    kept.reserve(static_cast<std::size_t>(embedding.numel()));
    for (std::int64_t row = 0; row < embedding.size(0); ++row) {
        const float* begin = weights + row * dimensions;
        if (std::all_of(begin, begin + dimensions, [](float w) { return w == 0; }))
            continue;
        kept.insert(kept.end(), begin, begin + dimensions);
        buckets.push_back(file.buckets[static_cast<std::size_t>(row)]);
    }
    QJsonArray classes;
    for (const auto& name : file.classes)
        classes.append(QString::fromStdString(name));
    const std::map<std::string, std::string> metadata = {
        {"format", FormatName},
        {"version", std::to_string(FormatVersion)},
        {"kind", "ngram"},
        {"buckets", std::to_string(file.recipe.buckets)},
        {"word_ngrams", std::to_string(file.recipe.wordNgrams)},
        {"char_ngrams_min", std::to_string(file.recipe.charNgramsMin)},
        {"char_ngrams_max", std::to_string(file.recipe.charNgramsMax)},
        {"classes", QJsonDocument(classes).toJson(QJsonDocument::Compact).toStdString()},
    };
    const auto rows = static_cast<std::int64_t>(buckets.size());
    return writeSafetensors(
        path,
        {{"embedding.weight", TensorType::F32, {rows, dimensions}, std::as_bytes(std::span(kept))},
         {"embedding.buckets", TensorType::I64, {rows}, std::as_bytes(std::span(buckets))},
         {"head.weight",
          TensorType::F32,
          {file.parameters.head.size(0), dimensions},
          bytesOf(file.parameters.head)},
         {"head.bias", TensorType::F32, {file.parameters.bias.size(0)}, bytesOf(file.parameters.bias)}},
        metadata);
}

namespace {

/// Reads the parts of a student's file, remembering the first thing that does not fit.
class FileParts {
  public:
    explicit FileParts(const Safetensors& file) : file_(file) {}

    std::string text(const std::string& key) {
        const auto found = file_.metadata().find(key);
        if (found != file_.metadata().end())
            return found->second;
        complain(fmt::format("its metadata lacks '{}'", key));
        return {};
    }

    long long number(const std::string& key, long long low, long long high) {
        const auto value = readInteger(text(key));
        if (value && *value >= low && *value <= high)
            return *value;
        complain(fmt::format("its metadata '{}' is no number from {} to {}", key, low, high));
        return low;
    }

    /// Empty shape entries of −1 are free.
    const Safetensors::Tensor* tensor(const std::string& name, TensorType type,
                                      std::vector<std::int64_t> shape) {
        const auto found = file_.tensors().find(name);
        if (found == file_.tensors().end()) {
            complain(fmt::format("tensor '{}' is missing", name));
            return nullptr;
        }
        const auto& tensor = found->second;
        bool fits = tensor.type == type && tensor.shape.size() == shape.size();
        for (std::size_t i = 0; fits && i < shape.size(); ++i)
            fits = shape[i] < 0 || tensor.shape[i] == shape[i];
        if (!fits) {
            complain(fmt::format("tensor '{}' has the wrong type or shape", name));
            return nullptr;
        }
        return &tensor;
    }

    void complain(std::string what) {
        if (wrong_.empty())
            wrong_ = std::move(what);
    }
    [[nodiscard]] const std::string& wrong() const { return wrong_; }

  private:
    const Safetensors& file_;
    std::string wrong_;
};

at::Tensor toTensor(const Safetensors::Tensor& stored) {
    at::Tensor tensor = at::empty(stored.shape, at::kFloat);
    std::memcpy(tensor.data_ptr(), stored.data.data(), stored.data.size());
    return tensor;
}

} // namespace

Result<NgramFile> readNgramFile(const std::string& path) {
    const auto stored = Safetensors::read(path);
    if (!stored)
        return fail(stored.error());
    const auto& metadata = stored->metadata();
    const auto format = metadata.find("format");
    if (format == metadata.end() || format->second != FormatName)
        return fail(fmt::format("{} is no student of Stillroom; give the student.safetensors of a run's "
                                "checkpoints/best",
                                path));
    FileParts parts(*stored);
    const long long version = parts.number("version", 1, 1'000'000);
    if (parts.wrong().empty() && version > FormatVersion)
        return fail(fmt::format(
            "{} was written by a newer Stillroom (format {}, this one reads {}); update this program", path,
            version, FormatVersion));
    NgramFile file;
    if (parts.text("kind") != "ngram")
        parts.complain(
            fmt::format("its kind '{}' is not known", metadata.count("kind") ? metadata.at("kind") : ""));
    file.recipe.buckets = parts.number("buckets", 1, 1LL << 32);
    file.recipe.wordNgrams = static_cast<int>(parts.number("word_ngrams", 1, 16));
    file.recipe.charNgramsMin = static_cast<int>(parts.number("char_ngrams_min", 0, 16));
    file.recipe.charNgramsMax = static_cast<int>(parts.number("char_ngrams_max", 0, 16));
    for (const auto& name : QJsonDocument::fromJson(QByteArray::fromStdString(parts.text("classes"))).array())
        file.classes.push_back(name.toString().toStdString());
    if (file.classes.size() < 2)
        parts.complain("it names fewer than two classes");
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
        return fail(fmt::format("{} is not a usable student: {}; take another copy", path, parts.wrong()));
    file.parameters = {toTensor(*embedding), toTensor(*head), toTensor(*bias)};
    return file;
}

} // namespace stillroom
