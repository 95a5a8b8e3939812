#include "core/lab/text_case.h"

#include "core/data/utf8.h"

namespace stillroom {

namespace {

/// Where upper and lower case alternate: letters with the parity of `first` are upper case, the next is
/// theirs.
struct Alternating {
    char32_t first, last;
};
constexpr Alternating Pairs[] = {{0x100, 0x12F}, {0x132, 0x137}, {0x139, 0x148},   {0x14A, 0x177},
                                 {0x179, 0x17E}, {0x1CD, 0x1DC}, {0x1DE, 0x1EF},   {0x1F8, 0x21F},
                                 {0x222, 0x233}, {0x246, 0x24F}, {0x1E00, 0x1E95}, {0x1EA0, 0x1EFF}};
constexpr char32_t UpperYDiaeresis = 0x178, LowerYDiaeresis = 0xFF; // the one pair that lies apart

/// The character that begins at `at`, and how many bytes it has.
struct Read {
    char32_t letter;
    std::size_t size;
};
Read readAt(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const std::size_t size = byte(0) < 0x80 ? 1 : byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
    if (size == 1 || at + size > text.size() || !isUtf8(text.substr(at, size)))
        return {byte(0), 1};
    char32_t letter = byte(0) & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i)
        letter = letter << 6U | (byte(i) & 0x3FU);
    return {letter, size};
}

} // namespace

char32_t lowerCase(char32_t letter) {
    if ((letter >= U'A' && letter <= U'Z') || (letter >= 0xC0 && letter <= 0xDE && letter != 0xD7))
        return letter + 32;
    if (letter == UpperYDiaeresis)
        return LowerYDiaeresis;
    for (const auto& pairs : Pairs)
        if (letter >= pairs.first && letter <= pairs.last && letter % 2 == pairs.first % 2)
            return letter + 1;
    return letter;
}

char32_t upperCase(char32_t letter) {
    if (letter == LowerYDiaeresis)
        return UpperYDiaeresis;
    for (const char32_t upper : {letter - 32, letter - 1})
        if (upper < letter && lowerCase(upper) == letter)
            return upper;
    return letter;
}

CaseForms::CaseForms(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const Read read = readAt(text, at);
        characters.push_back({at, read.size});
        if (read.size == 1 && read.letter >= 0x80) {
            lower += text[at];
            upper += text[at];
        } else {
            appendUtf8(lower, lowerCase(read.letter));
            appendUtf8(upper, upperCase(read.letter));
        }
        at += read.size;
    }
}

} // namespace stillroom
