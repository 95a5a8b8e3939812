// Texts as YAML scalars. Private to core/experiment. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace stillroom {

/// `text` as a YAML scalar on one line that reads back as the same text here and in other readers: in quotes
/// only where it would be read as something else. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string yamlText(std::string_view text);

/// Bytes of the well-formed UTF-8 character at the beginning of `text`; 0 when there is none.
[[nodiscard]] std::size_t utf8Length(std::string_view text);

} // namespace stillroom
