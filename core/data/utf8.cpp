#include "core/data/utf8.h"

#include <algorithm>
#include <simdjson.h>

namespace stillroom {

namespace {

constexpr std::string_view Replacement = "\xEF\xBF\xBD";

/// What a lead byte asks of the bytes behind it (Unicode 15.0, table 3-7). Only the first of them has a range
/// of its own: it is where overlong forms, surrogates and what is over 0x10FFFF show.
struct Lead {
    std::size_t length = 0; ///< of the whole character; 0: no lead byte
    unsigned char low = 0x80, high = 0xBF;
};

Lead leadOf(unsigned char byte) {
    if (byte < 0x80)
        return {1};
    if (byte >= 0xC2 && byte <= 0xDF)
        return {2};
    if (byte == 0xE0)
        return {3, 0xA0, 0xBF};
    if (byte == 0xED)
        return {3, 0x80, 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF)
        return {3};
    if (byte == 0xF0)
        return {4, 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3)
        return {4};
    if (byte == 0xF4)
        return {4, 0x80, 0x8F};
    return {};
}

/// How many bytes at the front of `text` are a character or the beginning of one; at least 1.
std::size_t wellFormedPrefix(std::string_view text, const Lead& lead) {
    std::size_t at = 1;
    for (; at < lead.length && at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const unsigned char low = at == 1 ? lead.low : 0x80;
        const unsigned char high = at == 1 ? lead.high : 0xBF;
        if (byte < low || byte > high)
            break;
    }
    return at;
}

} // namespace

bool isUtf8(std::string_view text) {
    return simdjson::validate_utf8(text.data(), text.size());
}

std::int64_t appendRepaired(std::string& out, std::string_view text) {
    std::int64_t replaced = 0;
    while (!text.empty()) {
        const Lead lead = leadOf(static_cast<unsigned char>(text[0]));
        const std::size_t length = wellFormedPrefix(text, lead);
        if (length == lead.length) {
            out.append(text.substr(0, length));
        } else {
            out.append(Replacement);
            ++replaced;
        }
        text.remove_prefix(length);
    }
    return replaced;
}

std::size_t unfinishedTail(std::string_view text) {
    for (std::size_t length = 1; length <= std::min<std::size_t>(3, text.size()); ++length) {
        const std::string_view tail = text.substr(text.size() - length);
        const Lead lead = leadOf(static_cast<unsigned char>(tail[0]));
        if (lead.length > length && wellFormedPrefix(tail, lead) == length)
            return length;
    }
    return 0;
}

void appendUtf8(std::string& out, char32_t codePoint) {
    const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (codePoint < 0x80) {
        put(codePoint);
    } else if (codePoint < 0x800) {
        put(0xC0 | codePoint >> 6);
        put(0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
        put(0xE0 | codePoint >> 12);
        put(0x80 | (codePoint >> 6 & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    } else {
        put(0xF0 | codePoint >> 18);
        put(0x80 | (codePoint >> 12 & 0x3F));
        put(0x80 | (codePoint >> 6 & 0x3F));
        put(0x80 | (codePoint & 0x3F));
    }
}

} // namespace stillroom
