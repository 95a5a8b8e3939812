// Numbers read and written without the locale, and the nearest known word for a misspelt one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace stillroom {

/// The whole of `text` (spaces around it aside) as a number; nothing for anything else, an overflow included.
/// "nan" and "inf" are numbers here: who reads them decides.
[[nodiscard]] std::optional<double> readNumber(std::string_view text);
[[nodiscard]] std::optional<long long> readInteger(std::string_view text);

/// The shortest text that reads back as the same double: 0.1, 1e-05, 3.
[[nodiscard]] std::string writeNumber(double value);

/// 44373 → "44,373".
[[nodiscard]] std::string groupThousands(long long value);

/// The known word closest to `word` by edit distance, or empty when none is close (at most 2 edits, or a
/// third of the word's length). For "unknown key 'selction'; did you mean 'selection'?".
[[nodiscard]] std::string nearestWord(std::string_view word, std::span<const std::string_view> known);

} // namespace stillroom
