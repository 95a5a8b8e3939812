// From paths and patterns to files.
#pragma once

#include "core/base/result.h"

#include <span>
#include <string>
#include <vector>

namespace stillroom {

/// The files that `patterns` name, each once: in the order of the patterns, those of one pattern sorted by
/// their bytes. A path that exists is never taken for a pattern. Folders that a pattern matches are left out.
/// Errors: a pattern that matches nothing; an empty path. A plain path need not exist: opening it says so.
Result<std::vector<std::string>> expandPatterns(std::span<const std::string> patterns,
                                                const std::string& root, const std::string& setting);

} // namespace stillroom
