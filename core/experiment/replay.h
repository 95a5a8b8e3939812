// A run done again without a window: its YAML plus the edits that were made while it trained gives the same
// numbers, and on a CPU the same student bit by bit (same build, same threads).
#pragma once

#include "core/experiment/run.h"
#include "core/experiment/run_folder.h"

#include <string>

namespace stillroom {

struct Replay {
    Experiment experiment; ///< as it was when the run began
    std::vector<PlannedEdit> edits;
    std::int64_t endAfter = 0; ///< as in SessionSpec: where a stop or a budget of time ended the run
    /// The run was killed or failed, so that it is run on to its end: there are no numbers to compare with.
    bool unfinished = false;
};

/// The edits that were made while it trained, each with all that was in force after it. Of a branch those of
/// before it began are left out: its own settings have them. Errors: an edit that is recorded cannot be read.
Result<std::vector<PlannedEdit>> plannedEdits(const StoredRun& run);

/// Errors: training has not begun, it is a branch, or an edit that is recorded cannot be read.
Result<Replay> replayOf(const StoredRun& run);

/// The results that a repetition has to share with its run: metrics of both splits, all counts, the last
/// step. The first one that differs, in a sentence; empty: none does.
[[nodiscard]] std::string firstDifference(const FinishedEvent& run, const FinishedEvent& repeated);

} // namespace stillroom
