// GPT-2's way of cutting a text into words, which its byte-level BPE then takes apart. As a regular
// expression:
//
//   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//
// (Radford et al. 2019). Every byte of the text is in exactly one word.
#pragma once

#include <cstddef>
#include <string_view>

namespace stillroom {

/// Where the word that begins at `at` ends. `text` is valid UTF-8, `at` < text.size(). Pure; any thread.
[[nodiscard]] std::size_t gpt2WordEnd(std::string_view text, std::size_t at);

} // namespace stillroom
