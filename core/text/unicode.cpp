#include "core/text/unicode.h"

#include <QChar>
#include <QList>
#include <QString>
#include <algorithm>
#include <array>

namespace stillroom::unicode {

namespace {

struct Range {
    char32_t first, last;
};

/// Letters and numbers of Unicode 15, 15.1 and 16, which Debian 12's Qt does not know.
constexpr auto NewLetters = std::to_array<Range>(
    {{0x1C89, 0x1C8A},   {0xA7CB, 0xA7CD},   {0xA7DA, 0xA7DC},   {0x105C0, 0x105C9}, {0x105CA, 0x105F3},
     {0x10D4A, 0x10D65}, {0x10D6F, 0x10D85}, {0x10EC2, 0x10EC4}, {0x1123F, 0x11240}, {0x11380, 0x11389},
     {0x1138B, 0x1138B}, {0x1138E, 0x1138E}, {0x11390, 0x113B5}, {0x113B7, 0x113B7}, {0x113D1, 0x113D1},
     {0x113D3, 0x113D3}, {0x11BC0, 0x11BE0}, {0x11F02, 0x11F02}, {0x11F04, 0x11F10}, {0x11F12, 0x11F33},
     {0x1342F, 0x1342F}, {0x13441, 0x13446}, {0x13460, 0x143FA}, {0x16100, 0x1611D}, {0x16D40, 0x16D6C},
     {0x18CFF, 0x18CFF}, {0x1B132, 0x1B132}, {0x1B155, 0x1B155}, {0x1DF25, 0x1DF2A}, {0x1E030, 0x1E06D},
     {0x1E4D0, 0x1E4EB}, {0x1E5D0, 0x1E5ED}, {0x1E5F0, 0x1E5F0}, {0x2B739, 0x2B739}, {0x2EBF0, 0x2EE5D},
     {0x31350, 0x323AF}});
constexpr auto NewNumbers = std::to_array<Range>({{0x10D40, 0x10D49},
                                                  {0x116D0, 0x116E3},
                                                  {0x11BF0, 0x11BF9},
                                                  {0x11F50, 0x11F59},
                                                  {0x16130, 0x16139},
                                                  {0x16D70, 0x16D79},
                                                  {0x1CCF0, 0x1CCF9},
                                                  {0x1D2C0, 0x1D2D3},
                                                  {0x1E4F0, 0x1E4F9},
                                                  {0x1E5F1, 0x1E5FA}});

constexpr auto Ideographs = std::to_array<Range>({{0x3400, 0x4DBF},
                                                  {0x4E00, 0x9FFF},
                                                  {0xF900, 0xFAFF},
                                                  {0x20000, 0x2A6DF},
                                                  {0x2A700, 0x2B81F},
                                                  {0x2B920, 0x2CEAF}, // so in the original, for 2B820
                                                  {0x2F800, 0x2FA1F}});

/// Lower case of letters that Debian 12's Qt does not know: {first, last, what the first becomes}.
struct Lowered {
    char32_t first, last, becomes;
};
constexpr auto NewLower = std::to_array<Lowered>({{0x1C89, 0x1C89, 0x1C8A},
                                                  {0xA7CB, 0xA7CB, 0x264},
                                                  {0xA7CC, 0xA7CC, 0xA7CD},
                                                  {0xA7CE, 0xA7CE, 0xA7CF},
                                                  {0xA7D2, 0xA7D2, 0xA7D3},
                                                  {0xA7D4, 0xA7D4, 0xA7D5},
                                                  {0xA7DA, 0xA7DA, 0xA7DB},
                                                  {0xA7DC, 0xA7DC, 0x19B},
                                                  {0x10D50, 0x10D65, 0x10D70},
                                                  {0x16EA0, 0x16EB8, 0x16EBB}});

template <std::size_t N>
bool isIn(const std::array<Range, N>& ranges, char32_t c) {
    const auto after =
        std::upper_bound(ranges.begin(), ranges.end(), c,
                         [](char32_t value, const Range& range) { return value < range.first; });
    return after != ranges.begin() && c <= (after - 1)->last;
}

bool isOf(char32_t c, QChar::UnicodeVersion newest) {
    const auto version = QChar::unicodeVersion(c);
    return version != QChar::Unicode_Unassigned && version <= newest;
}

/// Among what every Qt knows that we build with.
bool isCategory(char32_t c, QChar::Category first, QChar::Category last) {
    const auto category = QChar::category(c);
    return category >= first && category <= last && isOf(c, QChar::Unicode_14_0);
}

bool isSpace(char32_t c) {
    return (c >= 0x9 && c <= 0xD) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
           c == 0x3000;
}

bool isMark(char32_t c) {
    if (c == 0x1734)
        return true; // became a spacing mark in Unicode 14
    if (c == 0x1885 || c == 0x1886 || c == 0xA9BD || c == 0x111C9)
        return false; // became non-spacing marks in Unicode 9 and 11
    return QChar::category(c) == QChar::Mark_NonSpacing && isOf(c, QChar::Unicode_8_0);
}

bool isPunctuation(char32_t c) {
    if (c < 0x80)
        return (c >= 0x21 && c <= 0x2F) || (c >= 0x3A && c <= 0x40) || (c >= 0x5B && c <= 0x60) ||
               (c >= 0x7B && c <= 0x7E);
    if (c == 0x166D || c == 0x111C9)
        return true; // no punctuation any more since Unicode 12 and 11
    const auto category = QChar::category(c);
    return category >= QChar::Punctuation_Connector && category <= QChar::Punctuation_Other &&
           isOf(c, QChar::Unicode_8_0);
}

bool isControl(char32_t c) {
    if (c == '\t' || c == '\n' || c == '\r')
        return false;
    if (c == Replacement)
        return true;
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_PrivateUse:
        return true;
    case QChar::Other_Format:
        return isOf(c, QChar::Unicode_8_0);
    default:
        return false;
    }
}

/// What continues a sequence that begins with `lead`: how many bytes follow, and the bounds of the first.
struct Lead {
    std::size_t following;
    unsigned char low, high;
};
Lead leadOf(unsigned char lead) {
    if (lead >= 0xC2 && lead <= 0xDF)
        return {1, 0x80, 0xBF};
    if (lead >= 0xE0 && lead <= 0xEF)
        return {2, static_cast<unsigned char>(lead == 0xE0 ? 0xA0 : 0x80),
                static_cast<unsigned char>(lead == 0xED ? 0x9F : 0xBF)};
    if (lead >= 0xF0 && lead <= 0xF4)
        return {3, static_cast<unsigned char>(lead == 0xF0 ? 0x90 : 0x80),
                static_cast<unsigned char>(lead == 0xF4 ? 0x8F : 0xBF)};
    return {0, 0, 0};
}

void decomposeFully(std::vector<char32_t>& out, char32_t c) {
    if (QChar::decompositionTag(c) == QChar::Canonical && isOf(c, QChar::Unicode_9_0))
        for (const uint part : QChar::decomposition(c).toUcs4())
            decomposeFully(out, part);
    else
        out.push_back(c);
}

} // namespace

Decoded decode(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(at);
    if (lead < 0x80)
        return {lead, 1};
    const Lead expected = leadOf(lead);
    if (expected.following == 0)
        return {Replacement, 1};
    char32_t point = lead & (0x3FU >> expected.following);
    for (std::size_t i = 1; i <= expected.following; ++i) {
        if (at + i >= text.size())
            return {Replacement, i};
        const unsigned char next = byte(at + i);
        if (next < (i == 1 ? expected.low : 0x80) || next > (i == 1 ? expected.high : 0xBF))
            return {Replacement, i};
        point = (point << 6) | (next & 0x3FU);
    }
    return {point, expected.following + 1};
}

void append(std::string& out, char32_t point) {
    const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (point < 0x80) {
        put(point);
        return;
    }
    if (point < 0x800) {
        put(0xC0 | (point >> 6));
    } else {
        if (point < 0x10000) {
            put(0xE0 | (point >> 12));
        } else {
            put(0xF0 | (point >> 18));
            put(0x80 | ((point >> 12) & 0x3F));
        }
        put(0x80 | ((point >> 6) & 0x3F));
    }
    put(0x80 | (point & 0x3F));
}

std::string repaired(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 16);
    for (std::size_t at = 0; at < text.size();) {
        const Decoded next = decode(text, at);
        append(out, next.codePoint);
        at += next.length;
    }
    return out;
}

const Characters& Characters::tables() {
    static const Characters characters;
    return characters;
}

Characters::Characters() : traits_(Listed) {
    for (char32_t c = 0; c < Listed; ++c)
        traits_[c] = computedTraits(c);
    for (char32_t c = 0xC0; c < 0x30000; ++c) {
        if (c >= 0xAC00 && c <= 0xD7A3)
            continue; // Hangul is computed
        if (QChar::decompositionTag(c) != QChar::Canonical || !isOf(c, QChar::Unicode_9_0))
            continue;
        decomposable_.emplace_back(c, static_cast<std::uint32_t>(parts_.size()));
        decomposeFully(parts_, c);
    }
    decomposable_.emplace_back(CodePoints, static_cast<std::uint32_t>(parts_.size()));
}

std::uint8_t Characters::computedTraits(char32_t c) {
    unsigned traits = 0;
    if (isCategory(c, QChar::Letter_Uppercase, QChar::Letter_Other) || isIn(NewLetters, c))
        traits |= Letter;
    if (isCategory(c, QChar::Number_DecimalDigit, QChar::Number_Other) || isIn(NewNumbers, c))
        traits |= Number;
    if (isSpace(c))
        traits |= Space;
    if (isMark(c))
        traits |= Mark;
    if (isPunctuation(c))
        traits |= Punctuation;
    if (isControl(c))
        traits |= Control;
    if (isIn(Ideographs, c))
        traits |= Ideograph;
    return static_cast<std::uint8_t>(traits);
}

char32_t Characters::lower(char32_t c) const {
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 0x20 : c;
    if (c == 0x130)
        return c;
    for (const auto& range : NewLower)
        if (c >= range.first && c <= range.last)
            return range.becomes + (c - range.first);
    return isOf(c, QChar::Unicode_14_0) ? QChar::toLower(c) : c;
}

int Characters::combiningClass(char32_t c) const {
    if (c < 0x300 || !isOf(c, QChar::Unicode_9_0))
        return 0;
    return QChar::combiningClass(c);
}

void Characters::appendDecomposed(std::vector<char32_t>& out, char32_t c) const {
    if (c < 0xC0) {
        out.push_back(c);
        return;
    }
    if (c >= 0xAC00 && c <= 0xD7A3) { // Unicode 15.0, section 3.12
        const char32_t index = c - 0xAC00;
        out.push_back(0x1100 + index / 588);
        out.push_back(0x1161 + index % 588 / 28);
        if (index % 28 != 0)
            out.push_back(0x11A7 + index % 28);
        return;
    }
    const auto found =
        std::lower_bound(decomposable_.begin(), decomposable_.end(), c,
                         [](const auto& entry, char32_t value) { return entry.first < value; });
    if (found->first != c) {
        out.push_back(c);
        return;
    }
    out.insert(out.end(), parts_.begin() + found->second, parts_.begin() + (found + 1)->second);
}

bool isWordCharacter(char32_t c) {
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    if ((Characters::tables().traits(c) & Letter) != 0 || c == 0x200C || c == 0x200D)
        return true;
    switch (QChar::category(c)) {
    case QChar::Mark_NonSpacing:
    case QChar::Mark_SpacingCombining:
    case QChar::Mark_Enclosing:
    case QChar::Number_DecimalDigit:
    case QChar::Number_Letter:
    case QChar::Punctuation_Connector:
        return true;
    default: // letters in circles and squares, which Unicode counts as alphabetic
        return (c >= 0x24B6 && c <= 0x24E9) || (c >= 0x1F130 && c <= 0x1F149) ||
               (c >= 0x1F150 && c <= 0x1F169) || (c >= 0x1F170 && c <= 0x1F189);
    }
}

} // namespace stillroom::unicode
