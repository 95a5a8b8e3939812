// HTML entities turned into the characters they stand for, as tweets and scraped texts need it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stillroom {

/// Appends `text` to `out` with `&amp;`, `&#8217;`, `&#x2019;` and the 253 named entities of HTML 4 (and
/// `apos`) replaced, in one pass: `&amp;lt;` becomes `&lt;`. What is no entity, or names no character, stays
/// as it is. Numbers 128 to 159 mean Windows-1252, as every browser reads them. Valid UTF-8 stays valid.
/// Returns how many were replaced.
std::int64_t appendUnescapedHtml(std::string& out, std::string_view text);

} // namespace stillroom
