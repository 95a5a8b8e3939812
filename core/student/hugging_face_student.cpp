// The way back: what transformers will compute of a folder, computed here.
#include "core/files/read_text_file.h"
#include "core/student/hugging_face_export.h"
#include "core/student/small_weights.h"
#include "core/student/stored_tensor.h"

#include <ATen/ops/bucketize.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tanh.h>
#include <QJsonArray>
#include <QJsonDocument>
#include <c10/core/InferenceMode.h>
#include <memory>

namespace stillroom {

namespace {

constexpr std::size_t LargestConfig = 1 << 24; // thousands of classes

/// A folder's tensors by name.
class Tensors {
  public:
    explicit Tensors(Safetensors stored) : stored_(std::move(stored)) {}

    /// Undefined where it is not there or of another type.
    [[nodiscard]] at::Tensor find(const std::string& name, TensorType type = TensorType::F32) {
        const auto found = stored_.tensors().find(name);
        if (found != stored_.tensors().end() && found->second.type == type)
            return toTensor(found->second);
        missing_ = missing_.empty() ? name : missing_;
        return {};
    }
    [[nodiscard]] LinearMap map(const std::string& name) {
        return {find(name + ".weight"), find(name + ".bias")};
    }
    [[nodiscard]] const std::string& missing() const { return missing_; }

    /// Those whose names begin so, under what follows.
    [[nodiscard]] std::map<std::string, Safetensors::Tensor> below(const std::string& prefix) const {
        std::map<std::string, Safetensors::Tensor> found;
        for (const auto& [name, tensor] : stored_.tensors())
            if (name.starts_with(prefix))
                found.emplace(name.substr(prefix.size()), tensor);
        return found;
    }

  private:
    Safetensors stored_;
    std::string missing_;
};

at::Tensor apply(const LinearMap& map, const at::Tensor& x) {
    return at::linear(x, map.weight, map.bias);
}

/// Every matrix must fit the one before it, or LibTorch would throw.
bool fits(const LinearMap& map, std::int64_t in) {
    return map.weight.defined() && map.bias.defined() && map.weight.dim() == 2 && map.bias.dim() == 1 &&
           map.weight.size(1) == in && map.weight.size(0) == map.bias.size(0);
}

Result<ExportedForward> openNgrams(Tensors& tensors, const std::string& path) {
    const at::Tensor buckets = tensors.find("embedding.buckets", TensorType::I64);
    const at::Tensor rows = tensors.find("embedding.weight");
    const LinearMap head = tensors.map("classifier");
    if (!tensors.missing().empty())
        return damagedExport(path, "tensor '" + tensors.missing() + "' is missing or of another type");
    if (rows.dim() != 2 || buckets.dim() != 1 || buckets.size(0) != rows.size(0) || rows.size(0) < 1 ||
        !fits(head, rows.size(1)))
        return damagedExport(path, "its tensors do not fit one another");
    return [=](const at::Tensor& ngrams, const at::Tensor&) {
        const c10::InferenceMode inference;
        const at::Tensor flat = ngrams.reshape({-1});
        const at::Tensor place = at::bucketize(flat, buckets).clamp(0, buckets.size(0) - 1);
        const at::Tensor known = buckets.index_select(0, place).eq(flat).to(at::kFloat);
        const at::Tensor sums = (rows.index_select(0, place) * known.unsqueeze(1))
                                    .reshape({ngrams.size(0), ngrams.size(1), rows.size(1)})
                                    .sum(1);
        const at::Tensor count = ngrams.ge(0).to(at::kFloat).sum(1, true).clamp_min(1);
        return at::softmax(apply(head, sums / count.sqrt()), 1);
    };
}

/// What stands behind the pooled vector.
struct Head {
    std::optional<LinearMap> first;
    bool tanh = false; ///< behind the first; else ReLU
    LinearMap out;
};

Result<ExportedForward> openEncoder(Tensors& tensors, const QJsonObject& config, const std::string& path) {
    const QString architecture = config.value(QLatin1String("architectures")).toArray().at(0).toString();
    Head head;
    Pooling pooling = Pooling::Cls;
    std::string prefix;
    QJsonObject shape = config;
    if (architecture == QLatin1String("BertForSequenceClassification")) {
        prefix = "bert.";
        head = {tensors.map("bert.pooler.dense"), true, tensors.map("classifier")};
    } else if (architecture == QLatin1String("RobertaForSequenceClassification")) {
        prefix = "roberta.";
        head = {tensors.map("classifier.dense"), true, tensors.map("classifier.out_proj")};
    } else if (architecture == QLatin1String("DistilBertForSequenceClassification")) {
        prefix = "distilbert.";
        head = {tensors.map("pre_classifier"), false, tensors.map("classifier")};
    } else if (architecture == QLatin1String("StillroomEncoderForSequenceClassification")) {
        prefix = "encoder.";
        shape = config.value(QLatin1String("encoder")).toObject();
        if (config.value(QLatin1String("pooling")).toString() != QLatin1String("cls"))
            pooling = Pooling::Mean;
        if (config.value(QLatin1String("head_hidden")).toInt() > 0)
            head.first = tensors.map("hidden");
        head.out = tensors.map("classifier");
    } else {
        return damagedExport(path, "its architecture is not known");
    }
    if (!tensors.missing().empty())
        return damagedExport(path, "tensor '" + tensors.missing() + "' is missing or of another type");
    const auto encoderShape =
        readEncoderConfig(QJsonDocument(shape).toJson(QJsonDocument::Compact).toStdString(), path);
    if (!encoderShape)
        return fail(encoderShape.error());
    auto encoder = Encoder::fromStored(*encoderShape, tensors.below(prefix), path);
    if (!encoder)
        return fail(std::move(encoder.error()));
    const std::int64_t width = encoderShape->width;
    if ((head.first && !fits(*head.first, width)) ||
        !fits(head.out, head.first ? head.first->weight.size(0) : width))
        return damagedExport(path, "its head does not fit its encoder");
    auto shared = std::make_shared<Encoder>(std::move(*encoder));
    return [shared, head, pooling](const at::Tensor& ids, const at::Tensor& mask) {
        const c10::InferenceMode inference;
        at::Tensor x = shared->encode(ids, mask.to(at::kBool), pooling);
        if (head.first)
            x = head.tanh ? at::tanh(apply(*head.first, x)) : at::relu(apply(*head.first, x));
        return at::softmax(apply(head.out, x), 1);
    };
}

} // namespace

Result<ExportedForward> openHuggingFace(const std::string& folder) {
    const std::string path = folder + "/config.json";
    const auto json = readTextFile(path, LargestConfig, "it is no model's config.json");
    if (!json)
        return fail(json.error());
    const QJsonObject config = QJsonDocument::fromJson(QByteArray::fromStdString(*json)).object();
    auto stored = Safetensors::read(folder + "/model.safetensors");
    if (!stored)
        return fail(std::move(stored.error()));
    auto wide = widened(std::move(*stored), folder + "/model.safetensors");
    if (!wide)
        return fail(std::move(wide.error()));
    Tensors tensors(std::move(*wide));
    if (config.value(QLatin1String("model_type")).toString() == QLatin1String("stillroom_ngrams"))
        return openNgrams(tensors, path);
    return openEncoder(tensors, config, path);
}

} // namespace stillroom
