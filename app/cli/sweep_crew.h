// A sweep on this machine: worker processes of this program that do its tasks, and somebody who watches.
#pragma once

#include "core/experiment/sweep_folder.h"

namespace stillroom::cli {

/// Until every task is over, or Ctrl-C. Tells on stderr what ends, and with what. `workers` at once, each
/// with a little less priority than this process; they end with it, however it ends. A worker that is killed
/// is replaced; a task that has ended two of them is Failed. Tasks that others hold are waited for.
/// Errors: Cancelled by Ctrl-C; a worker could not be started, or could not write the folder.
Result<void> workAsCrew(const SweepFolder& folder, int workers, bool quiet);

/// The path of this program.
[[nodiscard]] std::string programPath();

} // namespace stillroom::cli
