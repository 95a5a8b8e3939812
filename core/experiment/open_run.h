// A run's database opened by whoever reads it, also while the run goes on. For core/experiment and
// core/output.
#pragma once

#include "core/base/result.h"
#include "core/files/sqlite.h"

#include <cstdint>
#include <string>

namespace stillroom {

/// Opens `runFolder`/run.sqlite for reading and begins a read transaction, so that all that follows is of one
/// moment. Returns the format's number. Errors: no run's folder, damaged, not ours, newer format.
Result<std::int64_t> openRun(Database& database, const std::string& runFolder);

} // namespace stillroom
