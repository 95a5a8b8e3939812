// Texts as fastText is given them.
#pragma once

#include <cctype>
#include <string>
#include <string_view>

namespace stillroom::benchmark {

/// Lower-cased, split at punctuation: what the reference figures were taken with.
[[nodiscard]] inline std::string wordsOf(std::string_view text) {
    std::string words;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 || std::isalnum(byte) || c == '\'' || c == '_' || c == '@')
            words += static_cast<char>(byte < 0x80 ? std::tolower(byte) : byte);
        else if (!words.empty() && words.back() != ' ')
            words += ' ';
    }
    return words;
}

} // namespace stillroom::benchmark
