// From an experiment to what a session is told. Private to core/experiment.
#pragma once

#include "core/engine/session.h"
#include "core/experiment/experiment.h"

#include <string>

namespace stillroom {

/// Student, selection, loss and training of the experiment; the encoder found. Errors: those of findEncoder.
Result<SessionSpec> sessionSpecOf(const Experiment& experiment, const DistillationSet& set,
                                  const std::string& dataRoot);

} // namespace stillroom
