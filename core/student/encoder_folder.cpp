#include "core/student/encoder_folder.h"

#include "core/student/safetensors_folder.h"

#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

namespace {

/// A config.json is a page of settings.
constexpr qint64 LargestConfig = 1 << 20;

Result<EncoderConfig> readConfig(const std::string& folder) {
    const std::string path = folder + "/config.json";
    QFile file(QString::fromStdString(path));
    if (!QFileInfo(file).isFile() || !file.open(QIODevice::ReadOnly))
        return fail(fmt::format("{} cannot be opened; name the folder of a Hugging Face model", path));
    if (file.size() > LargestConfig)
        return fail(fmt::format("{} is larger than 1 MiB: it is no encoder's config.json", path));
    return readEncoderConfig(file.readAll().toStdString(), path);
}

Result<EncoderFolder> withTokenizer(const std::string& path, EncoderConfig config, std::int64_t length) {
    auto tokenizer = Tokenizer::open(path);
    if (!tokenizer)
        return fail(std::move(tokenizer.error()));
    if (tokenizer->vocabularySize() > config.vocabulary)
        return fail(fmt::format("{}: its tokenizer has {} tokens, its encoder only {}; they do not belong "
                                "together",
                                path, tokenizer->vocabularySize(), config.vocabulary));
    const auto most = static_cast<int>(std::min(length, config.maxTokens()));
    return EncoderFolder{path, config, std::move(*tokenizer), most};
}

} // namespace

Result<EncoderFolder> EncoderFolder::open(const std::string& path, std::int64_t length) {
    auto config = readConfig(path);
    if (!config)
        return fail(std::move(config.error()));
    return withTokenizer(path, *config, length);
}

Result<EncoderFolder> openStudentsFolder(const std::string& path, const StudentSettings& student) {
    EncoderConfig config;
    const bool scratch = student.kind == StudentKind::Encoder && student.start == EncoderStart::Scratch;
    if (scratch && !QFileInfo::exists(QString::fromStdString(path + "/config.json"))) {
        const auto tokenizer = Tokenizer::open(path);
        if (!tokenizer)
            return fail(tokenizer.error());
        config.vocabulary = tokenizer->vocabularySize();
        config.padId = tokenizer->padId().value_or(0);
    } else if (auto read = readConfig(path)) {
        config = *read;
    } else {
        return fail(std::move(read.error()));
    }
    if (student.kind == StudentKind::Encoder && student.dropout)
        config.dropout = config.attentionDropout = *student.dropout;
    if (scratch) {
        config.layers = student.layers.value_or(config.layers);
        config.heads = student.heads.value_or(config.heads);
        config.intermediate = student.feedForward.value_or(
            student.width ? 4 * *student.width : config.intermediate); // as BERT's own sizes are
        config.width = student.width.value_or(config.width);
        config.positions = std::max(config.positions, config.firstPosition + student.length);
        if (auto checked = checkEncoderConfig(config, "student"); !checked)
            return fail(std::move(checked.error()));
    }
    return withTokenizer(path, config, student.length);
}

Result<Encoder> openStudentsEncoder(const EncoderFolder& folder, const StudentSettings& student,
                                    std::uint64_t seed) {
    if (student.kind == StudentKind::Encoder && student.start == EncoderStart::Scratch)
        return Encoder::initial(folder.config, seed);
    const auto stored = SafetensorsFolder::read(folder.path);
    if (!stored)
        return fail(stored.error());
    return Encoder::fromStored(folder.config, stored->tensors(), folder.path);
}

} // namespace stillroom
