// Finds the column that a setting names, or says which columns there are.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace stillroom {

/// The index of `name` among `columns`. `file` is as the user knows it, `setting` the key that named the
/// column (`data.train.text`), `section` the one that has `delimiter` (`data.train`).
/// Errors: no such column (lists those there are, the nearest name, and says so when the header looks as if
/// another delimiter was used); the name occurs twice; the name is empty.
Result<std::size_t> findColumn(std::span<const std::string> columns, std::string_view name,
                               std::string_view file, std::string_view setting, std::string_view section);

/// "'a', 'b', 'c' and 4 more".
[[nodiscard]] std::string listNames(std::span<const std::string> names);

} // namespace stillroom
