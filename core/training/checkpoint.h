// Students on disk while and after training: checkpoints/000123/student.safetensors, and `best` and `last` as
// links.
#pragma once

#include "core/base/result.h"
#include "core/student/network.h"

#include <cstdint>
#include <string>

namespace stillroom {

/// Writes the network's weights of now as the folder of this step (a folder written whole, synced, renamed
/// once; one that is there already is kept: the same step of the same run has the same weights) and points
/// `link` ("best", "last") at it. Returns the folder's name below `checkpointFolder`. Errors: disk; what was
/// there stays.
Result<std::string> writeCheckpoint(const std::string& checkpointFolder, std::int64_t step,
                                    const std::string& link, const Network& network);

} // namespace stillroom
