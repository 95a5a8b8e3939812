#include "core/text/gpt2_words.h"

#include "core/text/unicode.h"

#include <array>

namespace stillroom {

namespace {

enum Kind : unsigned char { Letters, Numbers, Spaces, Others, Wide };

constexpr std::array<Kind, 256> makeKinds() {
    std::array<Kind, 256> kinds{};
    for (unsigned c = 0; c < 256; ++c) {
        Kind kind = Others;
        if (c >= 0x80)
            kind = Wide;
        else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            kind = Letters;
        else if (c >= '0' && c <= '9')
            kind = Numbers;
        else if (c == ' ' || (c >= 0x9 && c <= 0xD))
            kind = Spaces;
        kinds[c] = kind;
    }
    return kinds;
}
constexpr std::array<Kind, 256> Kinds = makeKinds();

Kind kindAt(std::string_view text, std::size_t at, std::size_t& length) {
    const Kind kind = Kinds[static_cast<unsigned char>(text[at])];
    length = 1;
    if (kind != Wide)
        return kind;
    const auto decoded = unicode::decode(text, at);
    length = decoded.length;
    const auto traits = unicode::Characters::tables().traits(decoded.codePoint);
    if ((traits & unicode::Letter) != 0)
        return Letters;
    if ((traits & unicode::Number) != 0)
        return Numbers;
    return (traits & unicode::Space) != 0 ? Spaces : Others;
}

/// After the run of `kind` that includes `at`.
std::size_t runEnd(std::string_view text, std::size_t at, Kind kind) {
    while (at < text.size()) {
        std::size_t length = 0;
        if (kindAt(text, at, length) != kind)
            break;
        at += length;
    }
    return at;
}

/// The length of 's, 't and their like at `at`, or 0.
std::size_t contraction(std::string_view text, std::size_t at) {
    if (at + 1 >= text.size())
        return 0;
    const char first = text[at + 1];
    if (first == 's' || first == 't' || first == 'm' || first == 'd')
        return 2;
    if (at + 2 >= text.size())
        return 0;
    const char second = text[at + 2];
    const bool three = ((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l');
    return three ? 3 : 0;
}

} // namespace

std::size_t gpt2WordEnd(std::string_view text, std::size_t at) {
    if (text[at] == '\'')
        if (const std::size_t length = contraction(text, at); length > 0)
            return at + length;
    std::size_t length = 0;
    const Kind kind = kindAt(text, at, length);
    if (kind != Spaces)
        return runEnd(text, at + length, kind);
    if (text[at] == ' ' && at + 1 < text.size())
        if (const Kind next = kindAt(text, at + 1, length); next != Spaces)
            return runEnd(text, at + 1 + length, next);
    // White space, all of it at the end of the text, else all but its last character, which a word may want.
    std::size_t last = at;
    std::size_t end = at;
    while (end < text.size() && kindAt(text, end, length) == Spaces) {
        last = end;
        end += length;
    }
    return end == text.size() || last == at ? end : last;
}

} // namespace stillroom
