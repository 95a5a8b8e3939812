// A run as one .zip that can be mailed, and back: another Stillroom opens it as a run.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstdint>
#include <string>

namespace stillroom {

struct BundleSettings {
    bool checkpoint =
        false; ///< the newest one too, from which the run can go on; else the best student alone
};

struct BundleExport {
    std::string file;
    std::int64_t files = 0;
    std::int64_t leftOut = 0; ///< files and folders that not every system could unpack, by their names
    std::int64_t bytes = 0, unpacked = 0;
};

/// Packs experiment.yaml, run.sqlite as it stands now (a copy of one moment: the run may be going on),
/// about.json, snapshots, the best student and what lies in output/ into `out`, whole or not there, within a
/// folder of the run's name. Links and hidden files are left out, and names that not every system allows. No
/// text of the data is in it unless something in output/ has it. `progress` counts bytes; cancelled: nothing
/// is written. Any thread. Errors: no run, damaged, more than openBundle takes, `out` among
/// the run's own files, disk.
Result<BundleExport> exportBundle(const std::string& runFolder, const std::string& out,
                                  const BundleSettings& settings, Progress& progress);

/// Unpacks a bundle into a folder of its own below `runsFolder`, under the run's name or, where that is
/// taken, with -2 behind it, and returns the folder's path. All of it is suspected: names, sizes, checksums,
/// links, doubles (zip_file.h, bundle_names.h), and what it says of itself (bundle_note.h); the run is read
/// once before its folder gets its name, and of one that is refused nothing is left. `progress` counts bytes.
/// Any thread. Errors: those, no room, disk, cancelled.
Result<std::string> openBundle(const std::string& bundle, const std::string& runsFolder, Progress& progress);

} // namespace stillroom
