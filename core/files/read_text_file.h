// A small file of the user's, whole.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <string>

namespace stillroom {

/// Reads no more than `limit` bytes, whatever the file's size. `because` ends the sentence for a larger one.
/// Errors: missing, a folder, not readable, too large.
Result<std::string> readTextFile(const std::string& path, std::size_t limit, const std::string& because);

} // namespace stillroom
