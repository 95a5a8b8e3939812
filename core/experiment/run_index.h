// All runs below a folder, as a table shows them. What was read once is remembered in a file that may be
// deleted at any time: an entry holds as long as the files of its run look the same.
#pragma once

#include "core/experiment/run_about.h"
#include "core/experiment/run_finder.h"
#include "core/experiment/run_summary.h"

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace stillroom {

/// A run of the table.
struct IndexedRun {
    RunSummary summary; ///< of a run that cannot be read its folder alone
    RunAbout about;
    std::string problem; ///< why it, or what is said about it, cannot be read; empty: it can
};

/// Thread-safe: several threads may read runs at once.
class RunIndex {
  public:
    /// `cacheFile`: where it is remembered; empty: nowhere.
    RunIndex(std::string runsFolder, std::string cacheFile);

    [[nodiscard]] const std::string& runsFolder() const { return runsFolder_; }
    /// As findRuns; the first time it also reads what is remembered.
    Result<std::vector<FoundRun>> find(const Progress& progress);
    /// From memory where it is known and over, else from its folder. Not the GUI thread.
    [[nodiscard]] std::shared_ptr<const IndexedRun> read(const FoundRun& run);
    /// Writes the file when there is something new to remember; forgets runs that `find` did not find the
    /// last time. Errors: not writable, disk full; nothing else depends on it.
    Result<void> save();

  private:
    struct Entry {
        FoundRun found;
        std::shared_ptr<const IndexedRun> run;
    };
    const std::string runsFolder_, cacheFile_;
    std::mutex mutex_;
    bool loaded_ = false, changed_ = false;
    std::unordered_map<std::string, Entry> entries_; ///< by folder
    std::vector<FoundRun> found_;                    ///< the last time
};

/// $XDG_CACHE_HOME/stillroom/runs/<hash of the path>.cache; empty where there is no such folder.
[[nodiscard]] std::string runIndexFile(const std::string& runsFolder);

} // namespace stillroom
