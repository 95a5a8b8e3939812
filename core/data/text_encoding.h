// What a text file's bytes mean, and how they become UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stillroom {

enum class TextEncoding { Utf8, Utf16Little, Utf16Big, Windows1252 };

/// As settings name it: utf-8, utf-16, windows-1252; empty is utf-8. UTF-16 is little-endian until a file's
/// bytes say otherwise. Nothing for another name.
[[nodiscard]] std::optional<TextEncoding> textEncoding(std::string_view name);
/// The other way: "utf-16" for both orders.
[[nodiscard]] std::string_view encodingName(TextEncoding encoding);

struct ByteOrderMark {
    TextEncoding encoding;
    std::size_t bytes; ///< its length
};
[[nodiscard]] std::optional<ByteOrderMark> byteOrderMark(std::string_view bytes);

/// UTF-16 of one order or the other, when most characters of `bytes` look like ASCII written so: every other
/// byte is zero. Nothing for everything else; Chinese alone, without a space or line end, is not told.
[[nodiscard]] std::optional<TextEncoding> looksLikeUtf16(std::string_view bytes);

/// Appends `bytes` to `out` as UTF-8 and takes off their front what was used: what is left is a character cut
/// in two, unless `last`. Half a surrogate pair, and a byte that Windows-1252 has no character for, become
/// U+FFFD; their number is returned. `encoding` is not UTF-8.
std::int64_t appendConverted(std::string& out, std::string_view& bytes, TextEncoding encoding, bool last);

} // namespace stillroom
