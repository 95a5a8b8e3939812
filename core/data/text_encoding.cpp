#include "core/data/text_encoding.h"

#include "core/data/utf8.h"

#include <algorithm>
#include <array>

namespace stillroom {

namespace {

constexpr char32_t Replacement = 0xFFFD;

// Windows-1252 from 0x80 to 0x9F; the rest is Latin-1. 0: no character.
constexpr std::array<char16_t, 32> Windows1252Letters{
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::int64_t appendWindows1252(std::string& out, std::string_view& bytes) {
    std::int64_t replaced = 0;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out.push_back(c);
            continue;
        }
        char32_t letter = byte;
        if (byte < 0xA0) {
            letter = Windows1252Letters[byte - 0x80U];
            if (letter == 0) {
                letter = Replacement;
                ++replaced;
            }
        }
        appendUtf8(out, letter);
    }
    bytes = {};
    return replaced;
}

std::int64_t appendUtf16(std::string& out, std::string_view& bytes, bool big, bool last) {
    const auto unit = [&](std::size_t at) {
        const auto low = static_cast<unsigned char>(bytes[at + (big ? 1 : 0)]);
        const auto high = static_cast<unsigned char>(bytes[at + (big ? 0 : 1)]);
        return static_cast<char32_t>(high << 8 | low);
    };
    const auto isHigh = [](char32_t code) { return code >= 0xD800 && code < 0xDC00; };
    const auto isLow = [](char32_t code) { return code >= 0xDC00 && code < 0xE000; };
    std::int64_t replaced = 0;
    std::size_t at = 0;
    for (; at + 2 <= bytes.size(); at += 2) {
        const char32_t code = unit(at);
        if (!isHigh(code) && !isLow(code)) {
            appendUtf8(out, code);
            continue;
        }
        if (isHigh(code) && at + 4 > bytes.size() && !last)
            break;
        if (isHigh(code) && at + 4 <= bytes.size() && isLow(unit(at + 2))) {
            appendUtf8(out, 0x10000 + ((code - 0xD800) << 10) + (unit(at + 2) - 0xDC00));
            at += 2;
            continue;
        }
        appendUtf8(out, Replacement);
        ++replaced;
    }
    bytes.remove_prefix(at);
    if (last && !bytes.empty()) { // half a unit
        appendUtf8(out, Replacement);
        ++replaced;
        bytes = {};
    }
    return replaced;
}

} // namespace

std::optional<TextEncoding> textEncoding(std::string_view name) {
    if (name.empty() || name == "utf-8")
        return TextEncoding::Utf8;
    if (name == "utf-16")
        return TextEncoding::Utf16Little;
    if (name == "windows-1252")
        return TextEncoding::Windows1252;
    return std::nullopt;
}

std::string_view encodingName(TextEncoding encoding) {
    switch (encoding) {
    case TextEncoding::Utf8:
        return "utf-8";
    case TextEncoding::Utf16Little:
    case TextEncoding::Utf16Big:
        return "utf-16";
    case TextEncoding::Windows1252:
        break;
    }
    return "windows-1252";
}

std::optional<ByteOrderMark> byteOrderMark(std::string_view bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF"))
        return ByteOrderMark{TextEncoding::Utf8, 3};
    if (bytes.starts_with("\xFF\xFE"))
        return ByteOrderMark{TextEncoding::Utf16Little, 2};
    if (bytes.starts_with("\xFE\xFF"))
        return ByteOrderMark{TextEncoding::Utf16Big, 2};
    return std::nullopt;
}

std::optional<TextEncoding> looksLikeUtf16(std::string_view bytes) {
    const std::size_t units = bytes.size() / 2;
    std::array<std::size_t, 2> zeros{};
    for (std::size_t i = 0; i < 2 * units; ++i)
        zeros.at(i % 2) += bytes[i] == '\0' ? 1 : 0;
    // A tenth of the letters: spaces, digits and line ends alone are more in most of the world's writing.
    // The other half of a unit is zero in U+0000 and in U+0100, U+0200, … alone.
    // A single zero makes no UTF-16, unless there is a single letter.
    const auto most = [&](std::size_t some, std::size_t few) {
        return some >= std::min<std::size_t>(units, 2) && 10 * some >= units && few * 20 <= some;
    };
    if (units == 0 || (zeros[0] == 0 && zeros[1] == 0))
        return std::nullopt;
    if (most(zeros[1], zeros[0]))
        return TextEncoding::Utf16Little;
    if (most(zeros[0], zeros[1]))
        return TextEncoding::Utf16Big;
    return std::nullopt;
}

std::int64_t appendConverted(std::string& out, std::string_view& bytes, TextEncoding encoding, bool last) {
    if (encoding == TextEncoding::Windows1252)
        return appendWindows1252(out, bytes);
    return appendUtf16(out, bytes, encoding == TextEncoding::Utf16Big, last);
}

} // namespace stillroom
