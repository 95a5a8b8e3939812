// UTF-8 and what a character is to Hugging Face's `tokenizers`, whose ids we must give. That library takes
// its Unicode from four places, each of another year; Qt's tables are of another again, and differ between
// Debian 12 and 13. What is asked here is therefore Qt's answer, cut back or added to so that it is the same
// everywhere:
//
//   letters and numbers (byte-level BPE's \p{L}, \p{N})    Unicode 16
//   marks, punctuation, controls (BertNormalizer and so on) Unicode 8
//   decompositions and combining classes (NFD)              Unicode 9
//   lower case                                              Unicode 17
//
// tests/peers/compare_tokenizers.py compares every code point; tests/core/text/unicode_test.cpp holds the
// result. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stillroom::unicode {

inline constexpr char32_t Replacement = 0xFFFD;
inline constexpr char32_t CodePoints = 0x110000;

/// What a code point is; several may hold.
enum Trait : std::uint8_t {
    Letter = 1,       ///< \p{L}
    Number = 2,       ///< \p{N}
    Space = 4,        ///< White_Space, which is also the regular expressions' \s
    Mark = 8,         ///< Mn: what stripping accents takes away
    Punctuation = 16, ///< BertPreTokenizer's: ASCII's symbols and category P
    Control = 32,     ///< what BertNormalizer's cleaning removes: Cc, Cf, Co, U+0000, U+FFFD
    Ideograph = 64,   ///< what BertNormalizer puts spaces around
};

/// A code point and how many bytes it took. What is ill-formed counts as U+FFFD over its maximal subpart
/// (Unicode 15.0, section 3.9), so that no input reads past `text`. `at` < text.size().
struct Decoded {
    char32_t codePoint;
    std::size_t length;
};
[[nodiscard]] Decoded decode(std::string_view text, std::size_t at);

/// Appends a code point that is no surrogate and at most 0x10FFFF.
void append(std::string& out, char32_t codePoint);

/// `text` with every ill-formed sequence replaced by U+FFFD.
[[nodiscard]] std::string repaired(std::string_view text);

/// The tables, filled on first use (two milliseconds).
class Characters {
  public:
    static const Characters& tables();

    [[nodiscard]] std::uint8_t traits(char32_t c) const {
        return c < Listed ? traits_[c] : computedTraits(c);
    }
    /// U+0130 aside, whose lower case is two characters (i, U+0307): that one comes back as it is.
    [[nodiscard]] char32_t lower(char32_t c) const;
    /// 0 for a character that no mark moves past.
    [[nodiscard]] int combiningClass(char32_t c) const;
    /// Appends the canonical decomposition, complete; a character without one itself.
    void appendDecomposed(std::vector<char32_t>& out, char32_t c) const;

  private:
    Characters();
    static std::uint8_t computedTraits(char32_t c);

    static constexpr char32_t Listed = 0x20000;
    std::vector<std::uint8_t> traits_;
    std::vector<std::pair<char32_t, std::uint32_t>> decomposable_; ///< ascending; begin in `parts_`
    std::vector<char32_t> parts_;
};

/// \w of the added tokens' "single word": letters, marks, decimal digits, letter numbers, connectors,
/// joiners.
[[nodiscard]] bool isWordCharacter(char32_t c);

} // namespace stillroom::unicode
