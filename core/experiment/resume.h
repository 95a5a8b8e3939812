// A run gone on with: after a crash or a stop, beyond its end, or on another way from one of its checkpoints.
//
// What is planned here is done by Run::resume (run.h). On a CPU, with the same build and threads, the run
// then ends as if it had never been interrupted: the same metrics and the same student, bit by bit.
#pragma once

#include "core/base/result.h"
#include "core/experiment/run_folder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace stillroom {

/// Settings that become others, as for setSetting: ("training.epochs", "20").
using SettingChanges = std::vector<std::pair<std::string, std::string>>;

struct ResumePlan {
    std::string parent;    ///< the run's folder
    bool branches = false; ///< into a folder of its own; else the run's folder is written on
    Experiment experiment; ///< what the folder says; also what its data are loaded by
    Experiment inForce;    ///< the same after the edits that were made up to the checkpoint
    RunOrigin origin;
    std::string checkpoint; ///< below checkpoints/; empty: from the beginning
    RewindPoint point;      ///< of the checkpoint
    /// Recorded after it, so they are made again; of a repetition (replay.h) those of the run it repeats.
    std::vector<PlannedEdit> edits;
    std::int64_t endAfter = 0;         ///< of a repetition: as in SessionSpec
    std::vector<std::string> messages; ///< checkpoints that were passed over, and why
};

/// Reads the run and its checkpoints, newest first, and takes the first that is whole and recorded; a run
/// that was cut off before its first begins again. Changes nothing. `changes`: training.epochs,
/// training.stop.*, training.checkpoint.*, training.device and training.threads alone; all else is a branch.
/// Reads the checkpoint to see whether it is whole: not for the GUI thread. Errors: no run; somebody is
/// writing it; it has ended and nothing says how it should go on; a change that is none of these; no
/// checkpoint to go on from.
Result<ResumePlan> planResume(const std::string& runFolder, const SettingChanges& changes);

/// The same for a new run that begins as this one was after `step` (none: after its newest checkpoint) and
/// has these settings from there on. Not changed can be: what the texts, the teacher or the student are, the
/// seed, and what decides which samples share a batch.
Result<ResumePlan> planBranch(const std::string& runFolder, std::optional<std::int64_t> step,
                              const SettingChanges& changes);

} // namespace stillroom
