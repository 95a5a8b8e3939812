// The file in which a run index remembers what it read: a header, the runs, and a checksum over all of it. A
// cache: whatever is wrong with it, it is empty. Private to core/experiment.
#pragma once

#include "core/experiment/run_finder.h"
#include "core/experiment/run_summary.h"

#include <string>
#include <vector>

namespace stillroom {

struct RememberedRun {
    FoundRun found; ///< as its files looked when it was read
    RunSummary summary;
};

/// Nothing where there is no such file, or it is damaged, cut off, or another version's.
[[nodiscard]] std::vector<RememberedRun> readRunIndexFile(const std::string& path);
/// Makes its folder too. Errors: not writable, disk full.
Result<void> writeRunIndexFile(const std::string& path, const std::vector<RememberedRun>& runs);

} // namespace stillroom
