#include "widgets/encoder_probe.h"

#include "core/experiment/find_encoder.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace stillroom {
namespace {

constexpr qint64 LargestConfig = 1 << 20;
constexpr std::int64_t LargestSize = 1 << 24; // what is larger is a mistake, which training will name

/// What config.json calls the sizes.
struct Family {
    const char* modelType;
    const char* name;
    const char* architecture; ///< how the class of the model begins, in files without a model_type
    const char* width;
    const char* layers;
    const char* heads;
    const char* feedForward;
    const char* dropout;
    std::int64_t usualLayers, usualVocabulary;
};
constexpr std::array<Family, 3> Families = {
    {{"bert", "BERT", "Bert", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
      "hidden_dropout_prob", 12, 30522},
     {"roberta", "RoBERTa", "Roberta", "hidden_size", "num_hidden_layers", "num_attention_heads",
      "intermediate_size", "hidden_dropout_prob", 12, 50265},
     {"distilbert", "DistilBERT", "DistilBert", "dim", "n_layers", "n_heads", "hidden_dim", "dropout", 6,
      30522}}};

const Family* familyOf(const QJsonObject& config) {
    const QString type = config.value(QLatin1String("model_type")).toString();
    const QString architecture = config.value(QLatin1String("architectures")).toArray().at(0).toString();
    for (const auto& family : Families)
        if (type.isEmpty() ? architecture.startsWith(QLatin1String(family.architecture))
                           : type == QLatin1String(family.modelType))
            return &family;
    return nullptr;
}

Result<QJsonObject> readConfig(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(fmt::format("{} cannot be opened", path.toStdString()));
    if (file.size() > LargestConfig)
        return fail(
            fmt::format("{} is larger than 1 MiB: it is no encoder's config.json", path.toStdString()));
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(file.readAll(), &error);
    if (!document.isObject())
        return fail(fmt::format("{} is no JSON object ({}, at byte {})", path.toStdString(),
                                error.errorString().toStdString(), error.offset));
    return document.object();
}

Result<void> describe(EncoderFacts& facts, const QString& path) {
    const auto config = readConfig(path);
    if (!config)
        return fail(config.error());
    const Family* family = familyOf(*config);
    if (family == nullptr)
        return fail(fmt::format(
            "{}: its model_type is '{}'; take a BERT (MiniLM too), RoBERTa or DistilBERT", path.toStdString(),
            config->value(QLatin1String("model_type")).toString().left(40).toStdString()));
    const auto size = [&](const char* key, std::int64_t usual) {
        return std::clamp<std::int64_t>(config->value(QLatin1String(key)).toInteger(usual), 0, LargestSize);
    };
    facts.family = family->name;
    facts.width = size(family->width, 768);
    facts.layers = size(family->layers, family->usualLayers);
    facts.heads = size(family->heads, 12);
    facts.feedForward = size(family->feedForward, 3072);
    facts.vocabulary = size("vocab_size", family->usualVocabulary);
    facts.positions = size("max_position_embeddings", 512);
    const bool distil = family == &Families[2];
    facts.tokenTypes = distil ? 0 : size("type_vocab_size", 2);
    facts.dropout = config->value(QLatin1String(family->dropout)).toDouble(0.1);
    // RoBERTa counts positions from behind its padding.
    facts.maxTokens = facts.positions - (family == &Families[1] ? size("pad_token_id", 1) + 1 : 0);
    return {};
}

} // namespace

double EncoderFacts::parameters() const {
    const auto w = static_cast<double>(width), f = static_cast<double>(feedForward);
    const auto tokens = static_cast<double>(vocabulary), places = static_cast<double>(positions),
               types = static_cast<double>(tokenTypes);
    const double layer = 4 * (w * w + w) + 2 * w * f + f + w + 4 * w;
    return (tokens + places + types) * w + 2 * w + static_cast<double>(layers) * layer;
}

std::vector<std::string> cachedEncoders(const std::string& cacheFolder) {
    const QDir folder(QString::fromStdString(cacheFolder) + QStringLiteral("/encoders"));
    std::vector<std::string> names;
    // Hidden ones are downloads that are not done.
    for (const auto& name : folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name))
        names.push_back(name.toStdString());
    return names;
}

Result<EncoderFacts> probeEncoder(const std::string& model, const std::string& dataRoot) {
    auto folder = findEncoder(model, dataRoot);
    if (!folder)
        return fail(folder.error());
    EncoderFacts facts;
    facts.folder = *folder;
    const QDir files(QString::fromStdString(*folder));
    if (files.exists(QStringLiteral("config.json"))) {
        if (auto described = describe(facts, files.filePath(QStringLiteral("config.json"))); !described)
            return fail(described.error());
    } else {
        facts.family = Families[0].name;
        facts.configured = false;
    }
    for (const auto& file : files.entryInfoList({QStringLiteral("*.safetensors")}, QDir::Files))
        facts.weightBytes += file.size();
    facts.tokenizer = files.exists(QStringLiteral("tokenizer.json")) ||
                      files.exists(QStringLiteral("vocab.txt")) || files.exists(QStringLiteral("vocab.json"));
    return facts;
}

EncoderFacts fromScratch(EncoderFacts facts, const StudentSettings& student) {
    facts.layers = student.layers.value_or(facts.layers);
    facts.heads = student.heads.value_or(facts.heads);
    facts.feedForward = student.feedForward.value_or(student.width ? 4 * *student.width : facts.feedForward);
    facts.width = student.width.value_or(facts.width);
    // It may be built for longer texts than the model was.
    const std::int64_t more = student.length - facts.maxTokens;
    if (more > 0) {
        facts.positions += more;
        facts.maxTokens += more;
    }
    return facts;
}

} // namespace stillroom
