// What can be known of a text's columns and of renamed labels without reading the data. Private to
// core/experiment.
#pragma once

#include "core/base/result.h"
#include "core/data/data_settings.h"

#include <string>

namespace stillroom {

/// `section`: "data.train". Errors: a column that is empty or named twice.
Result<void> checkTextColumns(const std::string& section, const SplitSettings& split);

/// Errors: an empty name; a name that is none of `data.classes`, where those are listed.
Result<void> checkRenaming(const DataSettings& data);

} // namespace stillroom
