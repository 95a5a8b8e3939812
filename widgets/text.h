// Strings across the border: core speaks std::string in UTF-8, Qt speaks QString. And figures as people read
// them.
#pragma once

#include <QString>
#include <cstdint>
#include <string>
#include <string_view>

namespace stillroom {

[[nodiscard]] inline QString toQString(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// 44373 → "44,373".
[[nodiscard]] QString grouped(std::int64_t value);
/// 0.6687 → "66.9 %"; NaN → "–".
[[nodiscard]] QString percent(double share, int decimals = 1);
/// 0.95 → "0.95"; "–" for NaN.
[[nodiscard]] QString fixed(double value, int decimals);
/// 2.13 → "2.1 s", 75 → "1 min 15 s".
[[nodiscard]] QString duration(double seconds);
/// 41300000 → "41 MB".
[[nodiscard]] QString fileSize(std::int64_t bytes);

} // namespace stillroom
