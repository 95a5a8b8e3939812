// How many runs of a sweep there can be at once on this machine. Pure but for asking how many cores there
// are.
#pragma once

#include "core/experiment/sweep.h"

namespace stillroom {

/// What the sweep says, else as many as their threads leave room for; one where a run takes all cores.
[[nodiscard]] int sweepWorkers(const Sweep& sweep);

/// Where each run would take all cores and there are several at once, they share them: training.threads is
/// set. True when it was.
bool divideCores(Sweep& sweep, int workers);

} // namespace stillroom
