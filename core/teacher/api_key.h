// The key that a server wants: from the environment or the system's keychain, and nowhere else. It is in no
// setting, no sentence and no file.
#pragma once

#include "core/base/result.h"
#include "core/teacher/llm_settings.h"

#include <string>
#include <string_view>

namespace stillroom {

/// From the environment variable `keyVariable`; where that is empty and the server is not this machine, from
/// the keychain (service "stillroom", user: the server's host name), which is waited for three seconds at
/// most: where no keychain is running there is none. Empty: there is no key, which a server on this machine
/// may not need. Errors: a key with spaces or other characters that no key has; none for another machine's
/// server. Waits; not for the GUI thread.
Result<std::string> findApiKey(const LlmSettings& settings);

/// `text` with every occurrence of the key replaced by "[key]", however it is written: as JSON, an address,
/// base64 or hexadecimal digits would.
[[nodiscard]] std::string withoutKey(std::string_view text, std::string_view key);

/// The same, and also without parts of the key from eight characters on: for what a server says of an error.
[[nodiscard]] std::string withoutPartsOfKey(std::string_view text, std::string_view key);

} // namespace stillroom
