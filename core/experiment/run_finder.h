// Where runs lie: every folder with experiment.yaml and run.sqlite, at most three levels below a runs folder
// (a sweep's folder holds its runs).
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

/// What files looked like: another stamp, another content. A file that is not there is all 0.
struct FileStamp {
    std::int64_t size = 0;
    std::int64_t modified = 0; ///< nanoseconds since 1970
    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

struct FoundRun {
    std::string folder;
    std::array<FileStamp, 3> stamps; ///< of run.sqlite, run.sqlite-wal, experiment.yaml
    friend bool operator==(const FoundRun&, const FoundRun&) = default;
};

inline constexpr int DeepestRun = 3; ///< levels below the runs folder

/// In the order of their names, the newest first. Hidden folders are not looked into (a run that is being
/// made is one), nor is a run's own folder. A folder that is not there has no runs. Cancelled: Cancelled.
/// Errors: the runs folder is no folder, or cannot be read. A few microseconds a run; any thread, not the
/// GUI's.
Result<std::vector<FoundRun>> findRuns(const std::string& runsFolder, const Progress& progress);

} // namespace stillroom
