// A Hugging Face folder: an encoder's configuration and the tokenizer that goes with it.
#pragma once

#include "core/base/result.h"
#include "core/engine/student_settings.h"
#include "core/student/encoder.h"
#include "core/text/tokenizer.h"

#include <string>

namespace stillroom {

struct EncoderFolder {
    std::string path;
    EncoderConfig config;
    Tokenizer tokenizer;
    int length = 0; ///< tokens of a text at most: what was asked for, or as many positions as there are

    /// Errors: a file missing or damaged; a tokenizer with more tokens than the encoder.
    static Result<EncoderFolder> open(const std::string& path, std::int64_t length);
};

/// The same for a student: with the dropout that is set, and, from scratch, with the sizes that are set. A
/// folder without config.json is one to start from scratch with: BERT's shape, the tokenizer's vocabulary.
Result<EncoderFolder> openStudentsFolder(const std::string& path, const StudentSettings& student);

/// Its weights, or from scratch new ones of this seed.
Result<Encoder> openStudentsEncoder(const EncoderFolder& folder, const StudentSettings& student,
                                    std::uint64_t seed);

} // namespace stillroom
