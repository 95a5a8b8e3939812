// Upper and lower case of Latin letters, for finding a text within others byte by byte: A–Z, and the letters
// with marks of Latin-1, Latin Extended-A, -B and Additional whose two cases are one character of equally
// many UTF-8 bytes each. (Not: İ, ß, ſ and the digraphs.) Internal to core/lab.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

[[nodiscard]] char32_t lowerCase(char32_t letter);
[[nodiscard]] char32_t upperCase(char32_t letter);

/// A text in both cases, cut into characters. A byte that is no UTF-8 counts as a character of its own.
struct CaseForms {
    struct Character {
        std::size_t begin, size; ///< bytes, in either form
    };
    explicit CaseForms(std::string_view text);

    std::string lower, upper; ///< equally long
    std::vector<Character> characters;
};

} // namespace stillroom
