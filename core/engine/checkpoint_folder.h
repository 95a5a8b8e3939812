// What lies in a run's checkpoints/: 000123/ is a checkpoint (manifest.json, state.safetensors),
// 000123-student/ a student (student.safetensors), `last` and `best` are links to the newest of the first and
// the best of the second. Every folder is made under a hidden name and renamed when it is whole.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace stillroom {

inline constexpr const char* StateFile = "state.safetensors";
inline constexpr const char* StudentFile = "student.safetensors";

/// "000123".
[[nodiscard]] std::string checkpointName(std::int64_t step);
/// "000123-student".
[[nodiscard]] std::string studentName(std::int64_t step);

/// Steps of the checkpoints that are there, newest first; whether they are good is not looked at.
[[nodiscard]] std::vector<std::int64_t> checkpointSteps(const std::string& checkpointFolder);

/// Makes `name` by `fill`, which is given the hidden folder: written whole, synced, renamed once. One that is
/// there already stays as it is. Then `link` points at it. Errors: those of `fill`, disk; what was there
/// stays.
Result<void> addFolder(const std::string& checkpointFolder, const std::string& name, const std::string& link,
                       const std::function<Result<void>(const std::string&)>& fill);

/// Points a link at a folder that is there; an empty name takes the link away.
Result<void> pointLink(const std::string& checkpointFolder, const std::string& link, const std::string& name);

/// Takes away all checkpoints but those of `keep`, and all students but those that they name and `best` (a
/// folder's name, or empty); what an interrupted write left goes too. What cannot be removed stays.
void removeOthers(const std::string& checkpointFolder, const std::vector<std::int64_t>& keep,
                  const std::string& best);

} // namespace stillroom
