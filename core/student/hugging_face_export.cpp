#include "core/student/hugging_face_export.h"

#include "core/files/atomic_file.h"
#include "core/student/small_weights.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr double TanhScale = 8192; // 2¹³: exact in float16 too, both ways
constexpr const char* EncoderCode = "modeling_stillroom_encoder.py";
constexpr const char* NgramCode = "stillroom_ngrams.py";

QString text(const std::string& bytes) {
    return QString::fromStdString(bytes);
}

/// Which of transformers' own architectures the student is, if any.
enum class Native { None, Bert, Roberta, DistilBert };
Native nativeOf(const OpenedEncoderFile& student) {
    if (student.file.pooling != Pooling::Cls)
        return Native::None;
    const auto& head = student.file.head;
    switch (student.encoder.config().family) {
    case EncoderFamily::Bert:
        return head.hidden ? Native::None : Native::Bert;
    case EncoderFamily::Roberta:
        return head.hidden ? Native::None : Native::Roberta;
    case EncoderFamily::DistilBert: {
        const auto width = student.encoder.config().width;
        const auto needed = head.hidden ? head.hidden->weight.size(0) : 2 * head.out.weight.size(0);
        return needed <= width ? Native::DistilBert : Native::None;
    }
    }
    return Native::None;
}

/// `tensor` with zeros behind it up to this size.
at::Tensor padded(const at::Tensor& tensor, std::int64_t dimension, std::int64_t size) {
    auto shape = tensor.sizes().vec();
    const auto at = static_cast<std::size_t>(dimension);
    if (shape[at] == size)
        return tensor;
    shape[at] = size - shape[at];
    return at::cat({tensor, at::zeros(shape, at::kFloat)}, dimension);
}

void addMap(std::vector<NamedTensor>& tensors, const std::string& name, const at::Tensor& weight,
            const at::Tensor& bias) {
    tensors.push_back({name + ".weight", weight.contiguous()});
    tensors.push_back({name + ".bias", bias.contiguous()});
}

/// The head in the words of the architecture.
std::vector<NamedTensor> headTensors(const OpenedEncoderFile& student, Native native) {
    const EncoderHead& head = student.file.head;
    const std::int64_t width = student.encoder.config().width;
    std::vector<NamedTensor> tensors;
    switch (native) {
    case Native::None:
        if (head.hidden)
            addMap(tensors, "hidden", head.hidden->weight, head.hidden->bias);
        addMap(tensors, "classifier", head.out.weight, head.out.bias);
        break;
    case Native::Bert:
    case Native::Roberta: {
        const bool isBert = native == Native::Bert;
        addMap(tensors, isBert ? "bert.pooler.dense" : "classifier.dense",
               at::eye(width, at::kFloat) / TanhScale, at::zeros({width}, at::kFloat));
        addMap(tensors, isBert ? "classifier" : "classifier.out_proj", head.out.weight * TanhScale,
               head.out.bias);
        break;
    }
    case Native::DistilBert: {
        if (head.hidden) {
            addMap(tensors, "pre_classifier", padded(head.hidden->weight, 0, width),
                   padded(head.hidden->bias, 0, width));
            addMap(tensors, "classifier", padded(head.out.weight, 1, width), head.out.bias);
            break;
        }
        const at::Tensor one = at::eye(head.out.weight.size(0), at::kFloat);
        addMap(tensors, "pre_classifier", padded(at::cat({head.out.weight, -head.out.weight}), 0, width),
               padded(at::cat({head.out.bias, -head.out.bias}), 0, width));
        addMap(tensors, "classifier", padded(at::cat({one, -one}, 1), 1, width),
               at::zeros_like(head.out.bias));
        break;
    }
    }
    return tensors;
}

const char* prefixOf(Native native) {
    switch (native) {
    case Native::Bert:
        return "bert.";
    case Native::Roberta:
        return "roberta.";
    case Native::DistilBert:
        return "distilbert.";
    case Native::None:
        break;
    }
    return "encoder.";
}

const char* architectureOf(Native native) {
    switch (native) {
    case Native::Bert:
        return "BertForSequenceClassification";
    case Native::Roberta:
        return "RobertaForSequenceClassification";
    case Native::DistilBert:
        return "DistilBertForSequenceClassification";
    case Native::None:
        break;
    }
    return "StillroomEncoderForSequenceClassification";
}

void addClasses(QJsonObject& config, const std::vector<std::string>& classes) {
    QJsonObject names, numbers;
    for (std::size_t i = 0; i < classes.size(); ++i) {
        names.insert(QString::number(i), text(classes[i]));
        numbers.insert(text(classes[i]), static_cast<int>(i));
    }
    config.insert(QStringLiteral("id2label"), names);
    config.insert(QStringLiteral("label2id"), numbers);
    config.insert(QStringLiteral("problem_type"), QStringLiteral("single_label_classification"));
    // Whatever the file's own type: transformers computes in this one. The second is its older name.
    config.insert(QStringLiteral("dtype"), QStringLiteral("float32"));
    config.insert(QStringLiteral("torch_dtype"), QStringLiteral("float32"));
}

QJsonObject encoderConfig(const OpenedEncoderFile& student, Native native) {
    const QJsonObject plain =
        QJsonDocument::fromJson(QByteArray::fromStdString(toJson(student.encoder.config()))).object();
    QJsonObject config = plain;
    if (native == Native::None) {
        config = QJsonObject{
            {QStringLiteral("model_type"), QStringLiteral("stillroom_encoder")},
            {QStringLiteral("encoder"), plain},
            {QStringLiteral("pooling"),
             student.file.pooling == Pooling::Cls ? QStringLiteral("cls") : QStringLiteral("mean")},
            {QStringLiteral("head_hidden"),
             student.file.head.hidden ? static_cast<int>(student.file.head.hidden->weight.size(0)) : 0},
            {QStringLiteral("pad_token_id"), plain.value(QLatin1String("pad_token_id"))},
            {QStringLiteral("auto_map"),
             QJsonObject{
                 {QStringLiteral("AutoConfig"),
                  QStringLiteral("modeling_stillroom_encoder.StillroomEncoderConfig")},
                 {QStringLiteral("AutoModelForSequenceClassification"),
                  QStringLiteral("modeling_stillroom_encoder.StillroomEncoderForSequenceClassification")}}}};
    } else if (native == Native::DistilBert) {
        config.insert(QStringLiteral("seq_classif_dropout"), 0.0);
    } else {
        config.insert(QStringLiteral("classifier_dropout"), 0.0);
    }
    config.insert(QStringLiteral("architectures"), QJsonArray{QLatin1String(architectureOf(native))});
    addClasses(config, student.file.classes);
    return config;
}

QJsonObject ngramConfig(const NgramFile& file) {
    QJsonObject config{
        {QStringLiteral("model_type"), QStringLiteral("stillroom_ngrams")},
        {QStringLiteral("architectures"),
         QJsonArray{QStringLiteral("StillroomNgramsForSequenceClassification")}},
        {QStringLiteral("rows"), static_cast<double>(file.buckets.size())},
        {QStringLiteral("dimensions"), static_cast<double>(file.parameters.head.size(1))},
        {QStringLiteral("pad_token_id"), 0},
        {QStringLiteral("auto_map"),
         QJsonObject{{QStringLiteral("AutoConfig"), QStringLiteral("stillroom_ngrams.StillroomNgramsConfig")},
                     {QStringLiteral("AutoModelForSequenceClassification"),
                      QStringLiteral("stillroom_ngrams.StillroomNgramsForSequenceClassification")}}}};
    addClasses(config, file.classes);
    return config;
}

QJsonObject ngramTokenizer(const NgramRecipe& recipe) {
    return {{QStringLiteral("tokenizer_class"), QStringLiteral("StillroomNgramsTokenizer")},
            {QStringLiteral("auto_map"),
             QJsonObject{{QStringLiteral("AutoTokenizer"),
                          QJsonArray{QStringLiteral("stillroom_ngrams.StillroomNgramsTokenizer"),
                                     QJsonValue::Null}}}},
            {QStringLiteral("buckets"), static_cast<double>(recipe.buckets)},
            {QStringLiteral("word_ngrams"), recipe.wordNgrams},
            {QStringLiteral("char_ngrams_min"), recipe.charNgramsMin},
            {QStringLiteral("char_ngrams_max"), recipe.charNgramsMax}};
}

/// What the files said, and the two things that make transformers give a model what the student saw.
QJsonObject encoderTokenizer(const EncoderFile& file) {
    QJsonObject config;
    if (const auto found = file.tokenizer.find("tokenizer_config.json"); found != file.tokenizer.end())
        config = QJsonDocument::fromJson(QByteArray::fromStdString(found->second)).object();
    // Of tokenizer.json every class makes the same ids; the plain one asks for no model of its own kind.
    if (file.tokenizer.count("tokenizer.json") > 0) {
        config.insert(QStringLiteral("tokenizer_class"), QStringLiteral("PreTrainedTokenizerFast"));
        config.remove(QStringLiteral("auto_map"));
    } else if (file.tokenizer.count("vocab.txt") > 0) {
        config.insert(QStringLiteral("tokenizer_class"), QStringLiteral("BertTokenizer"));
    } else if (!config.contains(QLatin1String("tokenizer_class"))) {
        config.insert(QStringLiteral("tokenizer_class"), QStringLiteral("RobertaTokenizer"));
    }
    config.insert(QStringLiteral("model_max_length"), file.length);
    config.insert(QStringLiteral("model_input_names"),
                  QJsonArray{QStringLiteral("input_ids"), QStringLiteral("attention_mask")});
    config.insert(QStringLiteral("padding_side"), QStringLiteral("right"));
    config.insert(QStringLiteral("truncation_side"), QStringLiteral("right"));
    return config;
}

/// tokenizer.json says which tokens are special; transformers wants to be told their parts.
void addSpecialTokens(QJsonObject& config, const OpenedEncoderFile& student, std::int64_t padId) {
    const auto found = student.file.tokenizer.find("tokenizer.json");
    if (found == student.file.tokenizer.end())
        return;
    const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(found->second)).object();
    const bool isRoberta = student.encoder.config().family == EncoderFamily::Roberta;
    const auto say = [&](const char* part, const char* bert, const char* roberta) {
        const QString key = QLatin1String(part);
        if (!config.contains(key))
            config.insert(key, QLatin1String(isRoberta ? roberta : bert));
    };
    for (const auto& token : json.value(QLatin1String("added_tokens")).toArray()) {
        const QJsonObject added = token.toObject();
        if (static_cast<std::int64_t>(added.value(QLatin1String("id")).toDouble(-1)) == padId)
            config.insert(QStringLiteral("pad_token"), added.value(QLatin1String("content")));
        const QString content = added.value(QLatin1String("content")).toString();
        if (content == QLatin1String("[UNK]") || content == QLatin1String("<unk>"))
            say("unk_token", "[UNK]", "<unk>");
        if (content == QLatin1String("[CLS]") || content == QLatin1String("<s>"))
            say("cls_token", "[CLS]", "<s>");
        if (content == QLatin1String("[SEP]") || content == QLatin1String("</s>"))
            say("sep_token", "[SEP]", "</s>");
        if (content == QLatin1String("[MASK]") || content == QLatin1String("<mask>"))
            say("mask_token", "[MASK]", "<mask>");
    }
}

Result<void> writeJson(const std::string& path, const QJsonObject& json) {
    return writeFileAtomically(text(path), QJsonDocument(json).toJson().toStdString());
}

/// Matrices of half as float16; those of `asTheyAre`, and everything else, as they are.
Result<void> writeTensors(const std::string& path, std::vector<NamedTensor> tensors, ExportWeights weights,
                          const std::vector<NamedTensor>& asTheyAre) {
    for (auto& [name, value] : tensors)
        if (value.dim() == 2)
            value = shrink(value, weights).values.contiguous();
    tensors.insert(tensors.end(), asTheyAre.begin(), asTheyAre.end());
    auto views = viewsOf(tensors);
    sortForAlignment(views);
    return writeSafetensors(path, views, {{"format", "pt"}});
}

Result<void> writeEncoder(const std::string& folder, const ExportParts& parts, ExportWeights weights) {
    const OpenedEncoderFile& student = *parts.encoder();
    const Native native = nativeOf(student);
    auto tensors = student.encoder.storedTensors();
    for (auto& tensor : tensors)
        tensor.name = prefixOf(native) + tensor.name;
    // The head stays float32: it is small, and its scaled weights may be beyond float16.
    if (auto written = writeTensors(folder + "/model.safetensors", std::move(tensors), weights,
                                    headTensors(student, native));
        !written)
        return written;
    if (auto written = writeJson(folder + "/config.json", encoderConfig(student, native)); !written)
        return written;
    QJsonObject tokenizer = encoderTokenizer(student.file);
    addSpecialTokens(tokenizer, student, parts.padId);
    return writeJson(folder + "/tokenizer_config.json", tokenizer);
}

Result<void> writeNgrams(const std::string& folder, const NgramFile& file, ExportWeights weights) {
    const std::vector<std::int64_t> buckets(file.buckets.begin(), file.buckets.end());
    if (auto written = writeTensors(folder + "/model.safetensors",
                                    {{"embedding.weight", file.parameters.embedding}}, weights,
                                    {{"embedding.buckets", at::tensor(buckets, at::kLong)},
                                     {"classifier.weight", file.parameters.head},
                                     {"classifier.bias", file.parameters.bias}});
        !written)
        return written;
    if (auto written = writeJson(folder + "/config.json", ngramConfig(file)); !written)
        return written;
    return writeJson(folder + "/tokenizer_config.json", ngramTokenizer(file.recipe));
}

} // namespace

std::vector<std::string> huggingFaceCode(const ExportParts& parts) {
    if (parts.ngram() != nullptr)
        return {NgramCode};
    if (nativeOf(*parts.encoder()) == Native::None)
        return {EncoderCode};
    return {};
}

Result<void> writeHuggingFace(const std::string& folder, const ExportParts& parts, const ExportFacts& facts) {
    if (auto known = checkWeights(ExportFormat::HuggingFace, facts.weights); !known)
        return fail(std::move(known.error()));
    return parts.ngram() != nullptr ? writeNgrams(folder, *parts.ngram(), facts.weights)
                                    : writeEncoder(folder, parts, facts.weights);
}

} // namespace stillroom
