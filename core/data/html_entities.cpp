#include "core/data/html_entities.h"

#include "core/data/html_entity_table.h"
#include "core/data/utf8.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

namespace stillroom {

namespace {

// Longer than any name and than any number with a reasonable count of leading zeros.
constexpr std::size_t LongestEntity = 16;

// What Windows-1252 has at 0x80 to 0x9F; 0 where it has nothing.
constexpr char16_t Windows1252[32] = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                      0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                      0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::optional<char32_t> numbered(std::string_view digits) {
    int base = 10;
    if (!digits.empty() && (digits[0] == 'x' || digits[0] == 'X')) {
        base = 16;
        digits.remove_prefix(1);
    }
    std::uint32_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
    if (error != std::errc() || stop != end)
        return std::nullopt;
    if (value >= 0x80 && value <= 0x9F)
        value = Windows1252[value - 0x80];
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value == 0 || surrogate || value > 0x10FFFF)
        return std::nullopt;
    return value;
}

std::optional<char32_t> named(std::string_view name) {
    const auto found = std::lower_bound(
        std::begin(HtmlEntities), std::end(HtmlEntities), name,
        [](const HtmlEntity& entity, std::string_view wanted) { return entity.name < wanted; });
    if (found == std::end(HtmlEntities) || found->name != name)
        return std::nullopt;
    return found->codePoint;
}

} // namespace

std::int64_t appendUnescapedHtml(std::string& out, std::string_view text) {
    std::int64_t replaced = 0;
    for (;;) {
        const std::size_t ampersand = text.find('&');
        out.append(text.substr(0, ampersand));
        if (ampersand == std::string_view::npos)
            return replaced;
        text.remove_prefix(ampersand);
        const std::size_t semicolon = text.substr(0, LongestEntity).find(';');
        std::optional<char32_t> codePoint;
        if (semicolon != std::string_view::npos && semicolon > 1) {
            const std::string_view body = text.substr(1, semicolon - 1);
            codePoint = body[0] == '#' ? numbered(body.substr(1)) : named(body);
        }
        if (codePoint) {
            appendUtf8(out, *codePoint);
            text.remove_prefix(semicolon + 1);
            ++replaced;
        } else {
            out.push_back('&');
            text.remove_prefix(1);
        }
    }
}

} // namespace stillroom
