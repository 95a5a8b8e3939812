// Makes text valid UTF-8, the way the Unicode standard recommends: every maximal subpart of an ill-formed
// sequence becomes one U+FFFD (Unicode 15.0, section 3.9, "U+FFFD Substitution of Maximal Subparts").
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace stillroom {

[[nodiscard]] bool isUtf8(std::string_view text);

/// Appends `text` to `out` and returns how many sequences were replaced.
std::int64_t appendRepaired(std::string& out, std::string_view text);

/// How many bytes at the end of `text` (0 to 3) are the beginning of a character whose rest may follow.
[[nodiscard]] std::size_t unfinishedTail(std::string_view text);

/// Appends a code point that is no surrogate and at most 0x10FFFF.
void appendUtf8(std::string& out, char32_t codePoint);

} // namespace stillroom
