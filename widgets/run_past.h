// What a run that is gone on with had said before, for the plots of the window.
#pragma once

#include "core/engine/events.h"
#include "core/experiment/run_folder.h"

#include <vector>

namespace stillroom {

/// Its beginning, steps with their windows, evaluations of validation and edits up to the end of `step`, as a
/// session would have sent them, but that counts are those of the last evaluation before. Any thread.
[[nodiscard]] std::vector<Event> pastEvents(const StoredRun& run, std::int64_t step);

} // namespace stillroom
