// The file of a student that reads with an encoder, fine-tuned or frozen: all that it takes to label a text.
#pragma once

#include "core/engine/student_settings.h"
#include "core/student/encoder.h"
#include "core/student/student_file.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stillroom {

/// z = W·x + b, W out×in.
struct LinearMap {
    at::Tensor weight, bias;
};

/// logits = head(x), or head(relu(hidden(x))), of the pooled vector x.
struct EncoderHead {
    std::optional<LinearMap> hidden;
    LinearMap out;

    /// N×H → N×K logits. On the weights' device.
    [[nodiscard]] at::Tensor forward(const at::Tensor& pooled) const;
    /// What the last layer gets: x, or relu(hidden(x)).
    [[nodiscard]] at::Tensor beforeLast(const at::Tensor& pooled) const;
};

struct EncoderFile {
    std::vector<std::string> classes;
    std::map<std::string, std::string> tokenizer; ///< its files, bytes by name
    int length = 0;                               ///< tokens of a text at most
    Pooling pooling = Pooling::Mean;
    EncoderHead head; ///< float32 on the CPU
};

/// Errors: disk; a tokenizer file that is no valid UTF-8.
Result<void> writeEncoderFile(const std::string& path, const EncoderFile& file, const Encoder& encoder);

struct OpenedEncoderFile {
    EncoderFile file;
    Encoder encoder;
};
/// Of what readStudentFile read. Errors: damaged; parts that do not fit one another.
Result<OpenedEncoderFile> parseEncoderFile(const Safetensors& stored, const std::string& path);

} // namespace stillroom
