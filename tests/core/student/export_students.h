// Students that a test writes for itself, of every kind that an export has to say in its own words.
#pragma once

#include "core/base/random.h"
#include "core/student/encoder_file.h"
#include "core/student/ngram_parameters.h"
#include "tests/core/student/tiny_encoder.h"

#include <ATen/ops/empty.h>
#include <string>
#include <vector>

namespace stillroom {

inline at::Tensor drawn(std::vector<std::int64_t> shape, double spread, Random& random) {
    at::Tensor tensor = at::empty(shape, at::kFloat);
    auto* values = tensor.data_ptr<float>();
    for (std::int64_t i = 0; i < tensor.numel(); ++i)
        values[i] = static_cast<float>(spread * (2 * random.uniform() - 1));
    return tensor;
}

/// Of every second of 4,096 buckets a vector, in no order; words, pairs and character n-grams.
inline void writeNgramStudent(const std::string& path, std::size_t rows = 2048) {
    Random random(3, "an n-gram student");
    NgramFile file;
    file.recipe = {4096, 2, 3, 4};
    file.classes = {"calm", "storm \"at\" sea", "Überschwemmung"};
    for (std::uint32_t row = 0; row < rows; ++row)
        file.buckets.push_back(2 * row);
    shuffle(file.buckets, random);
    file.parameters = {drawn({static_cast<std::int64_t>(rows), 16}, 0.5, random), drawn({3, 16}, 1.5, random),
                       drawn({3}, 1, random)};
    if (auto written = writeNgramFile(path, file); !written)
        qFatal("%s", written.error().message.c_str());
}

struct EncoderKind {
    EncoderFamily family = EncoderFamily::Bert;
    Pooling pooling = Pooling::Mean;
    std::int64_t hidden = 0;
    Activation activation = Activation::Gelu;
};

inline void writeEncoderStudent(const std::string& path, const EncoderKind& kind) {
    Random random(4, "an encoder student");
    EncoderConfig config = tinyConfig();
    config.family = kind.family;
    config.activation = kind.activation;
    if (kind.family == EncoderFamily::Roberta)
        config.firstPosition = config.padId + 1;
    if (kind.family == EncoderFamily::DistilBert)
        config.tokenTypes = 0;
    Encoder encoder = Encoder::initial(config, 9);
    for (auto& parameter : encoder.parameters()) // as if it had learned: nothing is 0 or 1 any more
        if (parameter.name != "embeddings.words")
            parameter.value.add_(drawn(parameter.value.sizes().vec(), 0.1, random));
    EncoderFile file;
    file.classes = {"a", "b", "c", "d", "e"};
    file.tokenizer = {{"vocab.txt", tinyVocabulary()}};
    file.length = 24;
    file.pooling = kind.pooling;
    if (kind.hidden > 0)
        file.head.hidden =
            LinearMap{drawn({kind.hidden, config.width}, 0.4, random), drawn({kind.hidden}, 0.4, random)};
    file.head.out = {drawn({5, kind.hidden > 0 ? kind.hidden : config.width}, 0.5, random),
                     drawn({5}, 0.5, random)};
    if (auto written = writeEncoderFile(path, file, encoder); !written)
        qFatal("%s", written.error().message.c_str());
}

/// Texts of the tiny encoder's words, with some that it does not know.
inline std::vector<std::string> studentTexts() {
    Random random(6, "texts");
    std::vector<std::string> texts{"", "?!", "@Somebody's ÜBER #tag 日本語", std::string(3000, 'x')};
    for (int i = 0; i < 60; ++i) {
        std::string text;
        for (std::uint32_t words = 1 + random.below(40); words > 0; --words)
            text += random.below(5) == 0   ? "unheard" + std::to_string(random.below(30)) + " "
                    : random.below(2) == 0 ? "common" + std::to_string(random.below(200)) + " "
                                           : "class" + std::to_string(random.below(3)) + "word" +
                                                 std::to_string(random.below(40)) + ", ";
        texts.push_back(std::move(text));
    }
    return texts;
}

} // namespace stillroom
