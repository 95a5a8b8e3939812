// The texts that an export is compared with its student on.
#pragma once

#include "core/data/dataset.h"

#include <string>
#include <vector>

namespace stillroom {

/// `count` of the data, evenly over the test split, else validation, else training; without data as many that
/// are built in. Behind them some that break things: an empty one, one of nothing but signs, a very long one,
/// other scripts. `from` says whose they are: "the test split", "built-in texts".
[[nodiscard]] std::vector<std::string> exportTexts(const Dataset* data, std::size_t count, std::string& from);

} // namespace stillroom
