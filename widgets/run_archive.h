// What the lab reads back from a run's folder: snapshots of its epochs, mapped once each, and the windows of
// its database. For workers: every call may read files.
#pragma once

#include "core/engine/events.h"
#include "core/lab/snapshot_file.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace stillroom {

/// Thread-safe. Mapped snapshots stay mapped as long as it lives: they cost address space, not memory.
class RunArchive {
  public:
    /// `samples`: that each snapshot must have.
    RunArchive(std::string folder, std::size_t samples);

    [[nodiscard]] const std::string& folder() const { return folder_; }
    /// `epoch` from 1. Errors: those of Snapshot::open.
    Result<std::shared_ptr<const Snapshot>> snapshot(std::int64_t epoch);
    /// Those there are up to epoch `last`, ascending.
    Result<std::vector<std::shared_ptr<const Snapshot>>> snapshots(std::int64_t last);
    /// Those recorded up to `step` at least, or as many as there are. Read again when a later step is wanted.
    Result<std::shared_ptr<const std::vector<WindowRecord>>> windows(std::int64_t step);

  private:
    const std::string folder_;
    const std::size_t samples_;
    std::mutex mutex_;
    std::map<std::int64_t, std::shared_ptr<const Snapshot>> snapshots_;
    std::shared_ptr<const std::vector<WindowRecord>> windows_;
    std::int64_t windowsUntil_ = -1;
};

} // namespace stillroom
