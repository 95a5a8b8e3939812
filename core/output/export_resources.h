// What exports are made of beside the model: resources/export, which anybody may edit without building.
#pragma once

#include "core/base/result.h"

#include <map>
#include <string>
#include <string_view>

namespace stillroom {

/// The file of that name, beside the installed program (../share/stillroom/export) or in the source tree.
/// Errors: neither is there; not readable.
Result<std::string> readExportResource(const std::string& name);

/// `text` with each {{name}} replaced by its value; what a value holds is not looked at again. Errors: a name
/// that has no value, a {{ that is not closed; `shown` is how sentences call the template.
Result<std::string> fillIn(std::string_view text, const std::map<std::string, std::string>& values,
                           const std::string& shown);

} // namespace stillroom
