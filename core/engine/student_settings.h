// The `student:` section of an experiment.
#pragma once

#include "core/base/pooling.h"

#include <cstdint>
#include <optional>
#include <string>

namespace stillroom {

enum class StudentKind {
    Ngram,   ///< hashed n-grams, their mean, one linear layer
    Encoder, ///< a pretrained transformer, fine-tuned
    Probe,   ///< a pretrained transformer's vectors, computed once, and a small head on them
};

/// Where an encoder's weights come from.
enum class EncoderStart {
    Pretrained, ///< the model's own
    Scratch,    ///< drawn from the seed; of the model only the tokenizer and the sizes that are not set
};

struct StudentSettings {
    StudentKind kind = StudentKind::Ngram;

    // ngram
    int dimensions = 64;            ///< of an n-gram's vector
    std::int64_t buckets = 1 << 20; ///< n-grams are hashed into so many
    int wordNgrams = 2;             ///< 1: words alone; 2: and pairs; …
    int charNgramsMin = 0;          ///< 0: no character n-grams
    int charNgramsMax = 0;

    // encoder and probe
    std::string model;         ///< a Hugging Face folder, or the name of one in the user's cache ("minilm")
    std::int64_t length = 128; ///< tokens of a text at most, special ones included; what is over is cut off
    Pooling pooling = Pooling::Mean;
    double headDropout = 0.1; ///< of the pooled vector, while training

    // encoder
    EncoderStart start = EncoderStart::Pretrained;
    std::optional<double> dropout; ///< within the encoder; none: as its config.json says
    // sizes of one that starts from scratch; none: as config.json says
    std::optional<std::int64_t> layers, width, heads, feedForward;

    // probe
    std::int64_t hidden = 0; ///< units of a hidden layer of the head; 0: the head is linear

    friend bool operator==(const StudentSettings&, const StudentSettings&) = default;
};

} // namespace stillroom
