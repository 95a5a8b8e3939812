// Text → the token ids that a pretrained encoder was trained on: WordPiece (BERT, DistilBERT, MiniLM) and
// byte-level BPE (RoBERTa, GPT-2), read from the files of a Hugging Face model. The ids are those of the
// `tokenizers` library, text by text; tests/peers/compare_tokenizers.py shows it.
//
// What is read: `tokenizer.json`, else `vocab.txt`, else `vocab.json` with `merges.txt` (these two with
// tokenizer_config.json, special_tokens_map.json and added_tokens.json where they are). tokenizer.json asks
// for something that is not known here: an error that names it; nothing is passed over but how to decode, and
// the length and padding that were used once, which are the caller's to say.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/text/tokenized_texts.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

struct TokenizeOptions {
    /// Tokens a text may have, special ones included; what is over is cut off its end. 0: any number.
    int maxLength = 0;
    int threads = 1; ///< changes nothing but the time it takes
};

/// Immutable; copies share what they hold. Any thread.
class Tokenizer {
  public:
    /// `folder` is a model's. Errors: files missing, not those of a known tokenizer, broken, larger than 128
    /// MiB.
    static Result<Tokenizer> open(const std::string& folder);

    /// The same from `files` of such a folder, bytes by name, wherever they lie; `shown` names them in
    /// sentences.
    static Result<Tokenizer> fromFiles(const std::map<std::string, std::string>& files,
                                       const std::string& shown);

    /// The ids of one text. What is not valid UTF-8 counts as U+FFFD. `maxLength` as in TokenizeOptions, over
    /// `specialTokens()` or 0.
    [[nodiscard]] std::vector<std::int32_t> encode(std::string_view text, int maxLength = 0) const;

    /// Those of many. `progress` counts bytes of text. Errors: `maxLength` leaves no room beside the special
    /// tokens; out of memory; cancelled.
    Result<TokenizedTexts> encodeAll(std::span<const std::string_view> texts, const TokenizeOptions& options,
                                     Progress* progress = nullptr) const;

    /// Ids are below this: the least number of rows of an embedding.
    [[nodiscard]] std::int32_t vocabularySize() const;
    /// Tokens put around every text.
    [[nodiscard]] int specialTokens() const;
    // Nothing where the tokenizer has no such token (GPT-2 has none of them).
    [[nodiscard]] std::optional<std::int32_t> padId() const;
    [[nodiscard]] std::optional<std::int32_t> clsId() const; ///< "<s>" of RoBERTa
    [[nodiscard]] std::optional<std::int32_t> sepId() const; ///< "</s>" of RoBERTa
    [[nodiscard]] std::optional<std::int32_t> maskId() const;
    /// The id of a token as the vocabulary writes it ("##ing", "Ġthe").
    [[nodiscard]] std::optional<std::int32_t> idOf(std::string_view token) const;

    /// "WordPiece, 30,522 tokens, lower case, accents stripped"
    [[nodiscard]] std::string description() const;
    /// What it was read from, bytes by name: enough for `fromFiles`.
    [[nodiscard]] const std::map<std::string, std::string>& files() const;
    /// Of the files it was read from: the same files give the same, others another. 64 hex digits.
    [[nodiscard]] const std::string& contentHash() const;

  private:
    struct Parts;
    class Worker;
    template <class Read>
    static Result<Tokenizer> build(const Read& read, const std::string& folder);
    explicit Tokenizer(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}
    std::shared_ptr<const Parts> parts_;
};

} // namespace stillroom
