// Where the files of a pretrained encoder lie that an experiment names.
#pragma once

#include "core/base/result.h"

#include <string>

namespace stillroom {

/// `model` is a path (from the root, else below `dataRoot` or the current folder) or the name of an encoder
/// in the user's cache, where packaging/get-encoder puts them; a folder that is there comes before a name. An
/// absolute path comes back. Errors: neither is there; names both places that were looked at.
Result<std::string> findEncoder(const std::string& model, const std::string& dataRoot);

} // namespace stillroom
