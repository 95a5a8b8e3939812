// A run's records taken back to a checkpoint, so that what follows is recorded again as if nothing had been
// there. Private to core/experiment.
#pragma once

#include "core/base/result.h"
#include "core/files/sqlite.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

/// What a checkpoint answers for (CheckpointManifest). All 0: the beginning.
struct RewindPoint {
    std::int64_t step = 0;
    std::int64_t evaluations = 0;          ///< recorded up to it
    std::int64_t openWindow = 0;           ///< first step of the window that was open; 0: none
    std::string best = {};                 ///< folder of the best student, below checkpoints/; empty: none
    std::vector<std::int64_t> epochs = {}; ///< those that were over, which have a snapshot
};

/// Deletes what came later: steps, windows, evaluations, edits, snapshots, the result. Within the caller's
/// transaction.
Result<void> rewind(Database& database, const RewindPoint& point);

/// The same in a run's folder, in one transaction that also records that the run goes on from here. Killed
/// at any moment, it is as it was or rewound. Errors: the database cannot be written.
Result<void> rewindRun(const std::string& runFolder, const RewindPoint& point);

/// Checkpoints and students that are later go, and the links point at those that stay.
void rewindCheckpoints(const std::string& checkpointFolder, const RewindPoint& point);

} // namespace stillroom
