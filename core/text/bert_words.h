// BERT's way from a text to words: cleaning, spaces around ideographs, accents off, lower case; then a cut at
// white space and around every punctuation mark (Devlin et al., github google-research/bert, tokenization.py,
// as `tokenizers` has it in BertNormalizer and BertPreTokenizer).
//
// All of this looks at single characters, but for the order of marks after a letter. A text may therefore be
// cut at ASCII's white space and punctuation first, and every stretch between normalized for itself: with the
// same result, and the same stretches come again and again.
#pragma once

#include "core/text/tokenizer_recipe.h"
#include "core/text/unicode.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

/// Immutable once made; any thread.
class BertWords {
  public:
    /// What normalizing works in; the caller's, one a thread.
    struct Scratch {
        std::string text;
        std::vector<char32_t> points;
    };
    enum Kind : std::uint8_t {
        Plain,  ///< belongs to the word around it
        Space,  ///< separates, is nothing itself
        Symbol, ///< is a word of its own
    };

    explicit BertWords(const BertCleaning& cleaning);

    /// Of a byte of the raw text. What is not ASCII is plain: it stays with its stretch.
    [[nodiscard]] Kind kind(char byte) const { return kinds_[static_cast<unsigned char>(byte)]; }

    /// The text as normalized; lives in `scratch`. Valid UTF-8 in and out.
    [[nodiscard]] std::string_view normalize(std::string_view text, Scratch& scratch) const;

    /// `take(word)` for every word of a normalized text.
    template <class Take>
    void forEachWord(std::string_view normalized, Take take) const {
        std::size_t begin = 0;
        for (std::size_t at = 0; at < normalized.size();) {
            const auto next = unicode::decode(normalized, at);
            const auto traits = characters_.traits(next.codePoint);
            if ((traits & (unicode::Space | unicode::Punctuation)) != 0) {
                if (at > begin)
                    take(normalized.substr(begin, at - begin));
                if ((traits & unicode::Space) == 0)
                    take(normalized.substr(at, next.length));
                begin = at + next.length;
            }
            at += next.length;
        }
        if (normalized.size() > begin)
            take(normalized.substr(begin));
    }

  private:
    void normalizeWide(std::string_view text, Scratch& scratch) const;
    void append(char32_t c, std::string& out) const;

    const unicode::Characters& characters_;
    BertCleaning cleaning_;
    std::array<Kind, 256> kinds_{};
    std::array<char, 128> ascii_{}; ///< what becomes of it; 0: goes
};

} // namespace stillroom
