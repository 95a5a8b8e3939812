// What a pretrained transformer encoder is built like: the config.json of a Hugging Face folder, read and
// written.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace stillroom {

/// BERT (Devlin et al., arXiv 1810.04805; MiniLM is one too), RoBERTa (Liu et al., arXiv 1907.11692) and
/// DistilBERT (Sanh et al., arXiv 1910.01108). One arithmetic with three differences: RoBERTa counts
/// positions behind the padding id, DistilBERT has no token types and no dropout behind its attention.
enum class EncoderFamily { Bert, Roberta, DistilBert };

/// GeluTanh is the approximation by a hyperbolic tangent ("gelu_new"; Hendrycks & Gimpel, arXiv 1606.08415).
enum class Activation { Gelu, GeluTanh, Relu };

struct EncoderConfig {
    EncoderFamily family = EncoderFamily::Bert;
    std::int64_t vocabulary = 30522;
    std::int64_t positions = 512; ///< rows of the position table
    std::int64_t tokenTypes = 2;  ///< 0: none (DistilBERT)
    std::int64_t width = 384;     ///< H, of a hidden state; a multiple of `heads`
    std::int64_t layers = 6;
    std::int64_t heads = 12;
    std::int64_t intermediate = 1536; ///< width between a layer's two linear maps
    double epsilon = 1e-12;           ///< of the layer norms
    double dropout = 0.1;             ///< of the embeddings and of what is added to the residual stream
    double attentionDropout = 0.1;    ///< of the attention's probabilities
    Activation activation = Activation::Gelu;
    std::int64_t padId = 0;
    std::int64_t firstPosition = 0; ///< row of the first token's position: padId + 1 in RoBERTa, else 0

    /// Tokens that a text can have, special tokens included.
    [[nodiscard]] std::int64_t maxTokens() const { return positions - firstPosition; }
    /// Numbers in all parameters together.
    [[nodiscard]] std::int64_t parameterCount() const;

    friend bool operator==(const EncoderConfig&, const EncoderConfig&) = default;
};

/// Whether an encoder can be built so. Errors, one sentence that begins with `shown` (the file or the setting
/// that is spoken of): a size below 1 or beyond what we take for a mistake, a width that the heads do not
/// divide, a share outside [0, 1), more than 2^34 numbers in all.
Result<void> checkEncoderConfig(const EncoderConfig& config, const std::string& shown);

/// Reads a config.json; `shown` names it in sentences. What is missing gets `transformers`' default of the
/// family. Errors: no JSON, wrong types, everything of `checkEncoderConfig`, and what we cannot compute,
/// named: another model_type, relative positions, a decoder, another activation, quantised or pruned weights.
Result<EncoderConfig> readEncoderConfig(std::string_view json, const std::string& shown);

/// A config.json that `transformers` and `readEncoderConfig` read back as the same encoder.
[[nodiscard]] std::string toJson(const EncoderConfig& config);

} // namespace stillroom
