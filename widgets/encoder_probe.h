// Which encoders there are, and what one is made of: read from its folder, not from its weights.
// Any thread but the window's: it looks at files.
#pragma once

#include "core/base/result.h"
#include "core/engine/student_settings.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

/// What config.json says, by the names that all families share here. What it leaves out is what
/// `transformers` takes for it.
struct EncoderFacts {
    std::string folder; ///< absolute
    std::string family; ///< "BERT", "RoBERTa", "DistilBERT"
    std::int64_t layers = 6, width = 384, heads = 12, feedForward = 1536;
    std::int64_t vocabulary = 30522, positions = 512, tokenTypes = 2;
    std::int64_t maxTokens = 512; ///< of a text, special ones included
    double dropout = 0.1;
    std::int64_t weightBytes = 0; ///< of its .safetensors files; 0: there are none
    bool configured = true;       ///< false: there is no config.json, the sizes are those of a small BERT
    bool tokenizer = true;        ///< it has files of a tokenizer

    /// Numbers in all parameters together; a double, so that no size that a file claims overflows it.
    [[nodiscard]] double parameters() const;
};

/// Names of the folders below `cacheFolder`/encoders, sorted; none where there is no such folder.
[[nodiscard]] std::vector<std::string> cachedEncoders(const std::string& cacheFolder);

/// `model` as in findEncoder. Errors: no such folder; a config.json that is no JSON, larger than 1 MiB, or of
/// a model that is no encoder of these families.
Result<EncoderFacts> probeEncoder(const std::string& model, const std::string& dataRoot);

/// The same encoder with the sizes that a student from scratch sets.
[[nodiscard]] EncoderFacts fromScratch(EncoderFacts facts, const StudentSettings& student);

} // namespace stillroom
