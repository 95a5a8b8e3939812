#include "core/student/export_parts.h"

#include "core/base/number.h"
#include "core/files/read_text_file.h"
#include "core/text/tokenizer.h"

#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace stillroom {

namespace {

constexpr const char* FormatName = "stillroom-export";
constexpr int FormatVersion = 1;
constexpr std::size_t LargestFacts = 1 << 24;
constexpr const char* PoolingNames[] = {"cls", "mean"};

QString text(std::string_view bytes) {
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

QJsonArray textArray(const std::vector<std::string>& texts) {
    QJsonArray array;
    for (const auto& one : texts)
        array.append(text(one));
    return array;
}

std::vector<std::string> textsOf(const QJsonValue& array) {
    std::vector<std::string> texts;
    for (const auto& one : array.toArray())
        texts.push_back(one.toString().toStdString());
    return texts;
}

/// In the order of the buckets, which a binary search needs; never empty.
NgramFile sorted(NgramFile file) {
    if (file.buckets.empty()) {
        file.buckets = {0};
        file.parameters.embedding = at::zeros({1, file.parameters.head.size(1)}, at::kFloat);
        return file;
    }
    std::vector<std::int64_t> order(file.buckets.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
        return file.buckets[static_cast<std::size_t>(a)] < file.buckets[static_cast<std::size_t>(b)];
    });
    std::vector<std::uint32_t> buckets;
    buckets.reserve(order.size());
    for (const auto row : order)
        buckets.push_back(file.buckets[static_cast<std::size_t>(row)]);
    file.buckets = std::move(buckets);
    file.parameters.embedding = file.parameters.embedding.index_select(0, at::tensor(order));
    return file;
}

} // namespace

Result<ExportParts> ExportParts::of(const Safetensors& stored, const std::string& path) {
    const auto kind = stored.metadata().find("kind");
    if (kind != stored.metadata().end() && kind->second == "encoder") {
        auto opened = parseEncoderFile(stored, path);
        if (!opened)
            return fail(std::move(opened.error()));
        const auto tokenizer = Tokenizer::fromFiles(opened->file.tokenizer, path);
        if (!tokenizer)
            return fail(tokenizer.error());
        return ExportParts{std::move(*opened), tokenizer->padId().value_or(0)};
    }
    auto file = parseNgramFile(stored, path);
    if (!file)
        return fail(std::move(file.error()));
    return ExportParts{sorted(std::move(*file)), 0};
}

const std::vector<std::string>& ExportParts::classes() const {
    return ngram() != nullptr ? ngram()->classes : encoder()->file.classes;
}

const std::map<std::string, std::string>& ExportParts::tokenizer() const {
    static const std::map<std::string, std::string> none;
    return encoder() != nullptr ? encoder()->file.tokenizer : none;
}

ExportFacts factsOf(const ExportParts& parts, ExportFormat format, ExportWeights weights) {
    ExportFacts facts{format, weights, parts.classes(), {}, 0, 0, {}, Pooling::Mean};
    if (const auto* ngram = parts.ngram()) {
        facts.recipe = ngram->recipe;
        facts.inputs = {NgramInput};
        return facts;
    }
    const auto& file = parts.encoder()->file;
    facts.length = file.length;
    facts.padId = parts.padId;
    facts.pooling = file.pooling;
    for (const auto& [name, bytes] : file.tokenizer)
        facts.tokenizer.push_back(name);
    facts.inputs = {IdsInput, MaskInput};
    return facts;
}

QJsonObject ExportFacts::toJson() const {
    QJsonObject json{{QStringLiteral("format"), QLatin1String(FormatName)},
                     {QStringLiteral("version"), FormatVersion},
                     {QStringLiteral("stillroom"), QStringLiteral(STILLROOM_VERSION)},
                     {QStringLiteral("export"), text(formatName(format))},
                     {QStringLiteral("weights"), text(weightsName(weights))},
                     {QStringLiteral("kind"), QLatin1String(recipe ? "ngram" : "encoder")},
                     {QStringLiteral("classes"), textArray(classes)},
                     {QStringLiteral("inputs"), textArray(inputs)},
                     {QStringLiteral("output"), QLatin1String(Output)}};
    if (recipe) {
        json.insert(QStringLiteral("ngrams"),
                    QJsonObject{{QStringLiteral("buckets"), static_cast<double>(recipe->buckets)},
                                {QStringLiteral("word_ngrams"), recipe->wordNgrams},
                                {QStringLiteral("char_ngrams_min"), recipe->charNgramsMin},
                                {QStringLiteral("char_ngrams_max"), recipe->charNgramsMax}});
        return json;
    }
    json.insert(QStringLiteral("tokens"),
                QJsonObject{{QStringLiteral("files"), textArray(tokenizer)},
                            {QStringLiteral("length"), length},
                            {QStringLiteral("pad_id"), static_cast<double>(padId)}});
    json.insert(QStringLiteral("pooling"), QLatin1String(PoolingNames[static_cast<int>(pooling)]));
    return json;
}

Result<ExportFacts> ExportFacts::fromJson(const std::string& json, const std::string& shown) {
    const QJsonObject top = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
    if (top.value(QLatin1String("format")).toString() != QLatin1String(FormatName))
        return fail(shown + " is no export of Stillroom's; name the folder that an export was written to");
    if (top.value(QLatin1String("version")).toInt() > FormatVersion)
        return fail(shown + " was written by a newer Stillroom; update this program");
    const auto format = formatNamed(top.value(QLatin1String("export")).toString().toStdString());
    const auto weights = weightsNamed(top.value(QLatin1String("weights")).toString().toStdString());
    ExportFacts facts;
    facts.classes = textsOf(top.value(QLatin1String("classes")));
    facts.inputs = textsOf(top.value(QLatin1String("inputs")));
    if (!format || !weights || facts.classes.size() < 2)
        return damagedExport(shown, "it does not say what it is");
    facts.format = *format;
    facts.weights = *weights;
    if (top.value(QLatin1String("kind")).toString() == QLatin1String("ngram")) {
        const QJsonObject ngrams = top.value(QLatin1String("ngrams")).toObject();
        NgramRecipe recipe;
        recipe.buckets = static_cast<std::int64_t>(ngrams.value(QLatin1String("buckets")).toDouble());
        recipe.wordNgrams = ngrams.value(QLatin1String("word_ngrams")).toInt();
        recipe.charNgramsMin = ngrams.value(QLatin1String("char_ngrams_min")).toInt();
        recipe.charNgramsMax = ngrams.value(QLatin1String("char_ngrams_max")).toInt();
        if (recipe.buckets < 1 || recipe.buckets > (1LL << 32) || recipe.wordNgrams < 1 ||
            recipe.wordNgrams > 16 || recipe.charNgramsMin < 0 || recipe.charNgramsMax > 16)
            return damagedExport(shown, "its n-grams are made in no way that is known");
        facts.recipe = recipe;
        return facts;
    }
    const QJsonObject tokens = top.value(QLatin1String("tokens")).toObject();
    facts.length = tokens.value(QLatin1String("length")).toInt();
    facts.padId = static_cast<std::int64_t>(tokens.value(QLatin1String("pad_id")).toDouble());
    facts.tokenizer = textsOf(tokens.value(QLatin1String("files")));
    const bool plain =
        std::all_of(facts.tokenizer.begin(), facts.tokenizer.end(), [](const std::string& name) {
            return !name.empty() && name.find('/') == std::string::npos && name[0] != '.';
        });
    if (facts.length < 1 || facts.length > (1 << 20) || facts.tokenizer.empty() || !plain)
        return damagedExport(shown, "it does not say how texts become tokens");
    facts.pooling = top.value(QLatin1String("pooling")).toString() == QLatin1String(PoolingNames[0])
                        ? Pooling::Cls
                        : Pooling::Mean;
    return facts;
}

Result<ExportFacts> ExportFacts::read(const std::string& folder) {
    const std::string path = folder + '/' + ExportFactsFile;
    const auto json = readTextFile(path, LargestFacts, "it is no export's");
    if (!json)
        return fail(json.error());
    return fromJson(*json, path);
}

} // namespace stillroom
