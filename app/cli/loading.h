// Reading an experiment's files with a progress line and Ctrl-C.
#pragma once

#include "app/cli/options.h"
#include "core/experiment/prepare.h"

namespace stillroom::cli {

Result<Prepared> loadWithProgress(const Experiment& experiment, const std::string& dataRoot,
                                  const Options& options);

/// What was repaired or left out, a line each, to stderr unless quiet.
void reportRepairs(const Prepared& prepared, const Options& options);

} // namespace stillroom::cli
