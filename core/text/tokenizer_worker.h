// What a Tokenizer is made of, and what works with it on one text after the other. Private to core/text.
#pragma once

#include "core/text/added_token_finder.h"
#include "core/text/bert_words.h"
#include "core/text/byte_bpe.h"
#include "core/text/tokenizer.h"
#include "core/text/tokenizer_recipe.h"
#include "core/text/word_cache.h"
#include "core/text/wordpiece.h"

#include <limits>

namespace stillroom {

struct Tokenizer::Parts {
    explicit Parts(TokenizerRecipe from);

    TokenizerRecipe recipe;
    std::int32_t size = 0; ///< one more than the largest id
    BertWords words;
    std::optional<WordPiece> wordPiece;
    std::optional<ByteBpe> bpe;
    std::string lost;                     ///< an added token of which normalizing leaves nothing
    AddedTokenFinder written, normalized; ///< tokens found in the text as it came, and as it was normalized
};

/// Keeps buffers and the words that it has seen. One thread; the Tokenizer outlives it.
class Tokenizer::Worker {
  public:
    /// `remembers`: whether a cache of words is worth its memory.
    Worker(const Parts& parts, bool remembers) : parts_(parts), remembers_(remembers) {}

    /// Appends the ids of `text`, special ones included, at most `maxLength`. True: some were cut off.
    bool encode(std::string_view text, std::size_t maxLength, std::vector<std::int32_t>& ids);

    static constexpr std::size_t AnyLength = std::numeric_limits<std::size_t>::max();

  private:
    // Each appends ids until the text ends or enough are there; false: enough.
    bool encodeWritten(std::string_view text);
    bool encodeWordPieces(std::string_view text);
    bool encodeNormalized(std::string_view text);
    bool encodeStretch(std::string_view stretch);
    bool encodeBytes(std::string_view text);
    bool encodeByteWord(std::string_view word);
    [[nodiscard]] bool wantsMore() const { return ids_->size() < enough_; }
    bool takeRemembered(std::string_view word);
    void remember(std::string_view word, std::size_t idsBefore);

    const Parts& parts_;
    bool remembers_;
    WordCache cache_;
    BertWords::Scratch normalizing_;
    ByteBpe::Scratch merging_;
    std::vector<std::uint64_t> hashes_;
    std::string repaired_, withSpace_;
    std::vector<std::int32_t>* ids_ = nullptr;
    std::size_t enough_ = 0; ///< size of `ids_` at which it is known that something is cut off
};

} // namespace stillroom
