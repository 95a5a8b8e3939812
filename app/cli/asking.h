// An experiment's `asking:`, told as it goes: the rounds before the run itself.
#pragma once

#include "app/cli/options.h"
#include "core/experiment/prepare.h"
#include "core/experiment/run.h"

#include <QJsonValue>

namespace stillroom::cli {

/// Leaves in `prepared` what was asked about and nothing else, and in `runOptions` the record of it. What is
/// in `runOptions` already (of a run that is done again) is not asked again. Nothing happens without
/// `asking:`. The engine is loaded. Errors: those of askInRounds; Cancelled by Ctrl-C.
Result<void> askFirst(const Experiment& experiment, Prepared& prepared, RunOptions& runOptions,
                      const Options& options);

/// null where nothing was asked in rounds.
[[nodiscard]] QJsonValue askingJson(const AskingRecord& record);

} // namespace stillroom::cli
