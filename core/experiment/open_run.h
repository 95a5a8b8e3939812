// A run's database opened by whoever reads it, also while the run goes on, and what all of them read in the
// same way. For core/experiment and core/output.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/events.h"
#include "core/files/sqlite.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace stillroom {

/// Opens `runFolder`/run.sqlite for reading and begins a read transaction, so that all that follows is of one
/// moment. Returns the format's number. Errors: no run's folder, damaged, not ours, newer format.
Result<std::int64_t> openRun(Database& database, const std::string& runFolder);

/// `use` for each row of a query. Errors: the database's; Cancelled.
Result<void> forEachRow(Database& database, std::string_view sql,
                        const std::function<void(const Statement&)>& use, const Progress* progress = nullptr);

/// The columns seen, gradient, distinct_samples, scoring_flops and training_flops, in this order from
/// `column`.
[[nodiscard]] SampleCounts countsAt(const Statement& row, int column, std::int64_t total);

} // namespace stillroom
