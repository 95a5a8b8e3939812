#include "core/experiment/yaml_text.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace stillroom {

std::size_t utf8Length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
    const unsigned first = byte(0);
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return follows(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const bool shortest = first != 0xE0 || byte(1) >= 0xA0;
        const bool surrogate = first == 0xED && byte(1) >= 0xA0;
        return follows(1) && follows(2) && shortest && !surrogate ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const bool shortest = first != 0xF0 || byte(1) >= 0x90;
        const bool inside = first != 0xF4 || byte(1) < 0x90;
        return follows(1) && follows(2) && follows(3) && shortest && inside ? 4 : 0;
    }
    return 0;
}

namespace {

/// A scalar that every YAML reader takes for the same text when it stands without quotes, even in a list.
bool plainIsSafe(std::string_view text) {
    if (text.empty() || text.back() == ' ')
        return false;
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (!letter(text[0]) && !digit(text[0]) && text[0] != '_' && text[0] != '/' &&
        text.substr(0, 2) != "./" && text.substr(0, 3) != "../")
        return false;
    if (!std::all_of(text.begin(), text.end(), [&](char c) {
            return letter(c) || digit(c) ||
                   std::string_view(" _-./*+~@()=;").find(c) != std::string_view::npos;
        }))
        return false;
    // Numbers, dates, "1e5", ".inf", "0x1F": a reader would make something else of them.
    if ((digit(text[0]) || text[0] == '.') && std::all_of(text.begin(), text.end(), [&](char c) {
            return digit(c) ||
                   std::string_view("abcdefABCDEFxXoOinfINFT_:.+- ").find(c) != std::string_view::npos;
        }))
        return false;
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    static constexpr std::array<std::string_view, 10> words{"true", "false", "yes", "no", "on",
                                                            "off",  "null",  "y",   "n",  "nan"};
    return std::find(words.begin(), words.end(), lower) == words.end();
}

/// Controls of ASCII and Latin-1, and the line and paragraph separators, which some readers fold.
bool needsEscape(std::string_view character) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
    if (character.size() == 1)
        return byte(0) < 0x20 || byte(0) == 0x7F;
    if (character.size() == 2)
        return byte(0) == 0xC2 && byte(1) < 0xA0;
    return character == "\xE2\x80\xA8" || character == "\xE2\x80\xA9" || character == "\xEF\xBB\xBF";
}

unsigned codePoint(std::string_view character) {
    const auto byte = [&](std::size_t i) {
        return static_cast<unsigned>(static_cast<unsigned char>(character[i]));
    };
    switch (character.size()) {
    case 1:
        return byte(0);
    case 2:
        return (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU);
    default:
        return (byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
    }
}

} // namespace

std::string yamlText(std::string_view text) {
    if (plainIsSafe(text))
        return std::string(text);
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8Length(text.substr(i));
        if (length == 0) { // a file name that is not UTF-8 cannot be said in YAML
            out += "\xEF\xBF\xBD";
            ++i;
            continue;
        }
        const auto character = text.substr(i, length);
        i += length;
        if (character == "\"" || character == "\\")
            out.append("\\").append(character);
        else if (character == "\n")
            out += "\\n";
        else if (character == "\t")
            out += "\\t";
        else if (needsEscape(character))
            out += fmt::format("\\u{:04x}", codePoint(character));
        else
            out += character;
    }
    return out + "\"";
}

} // namespace stillroom
