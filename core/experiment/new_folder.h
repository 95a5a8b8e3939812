// A folder among the runs that is made whole or not at all: under a hidden name, renamed when all is in it.
// Private to core/experiment. One thread at a time.
#pragma once

#include "core/base/result.h"

#include <string>
#include <vector>

namespace stillroom {

class NewFolder {
  public:
    /// Below `runsFolder`, which is made too when it is not there; what was left there by others that were
    /// killed a day ago is swept. Errors: `runsFolder` is a file, not writable, disk full.
    static Result<NewFolder> make(const std::string& runsFolder, const std::string& name);
    /// Takes it away again, and the folders that were made on the way, unless it is kept.
    ~NewFolder();
    NewFolder(NewFolder&& other) noexcept;
    NewFolder(const NewFolder&) = delete;
    NewFolder& operator=(const NewFolder&) = delete;

    /// Hidden until it is published, then <time with milliseconds>-<four digits>-<name>.
    [[nodiscard]] const std::string& path() const { return path_; }
    /// Renames it, never over anything, and syncs the runs folder.
    Result<void> publish();
    void keep() { kept_ = true; }
    /// An error of filling it, in words of the runs folder: nobody has heard of the hidden name.
    [[nodiscard]] Error inItsPlace(Error error) const;

  private:
    NewFolder() = default;
    /// 0 or errno.
    int makeParents();

    std::string runsFolder_, name_, path_;
    std::vector<std::string> parents_; ///< that were made
    bool kept_ = false;
};

/// "the runs folder … cannot be written: the disk is full; …"
[[nodiscard]] Error cannotWriteRuns(const std::string& runsFolder, int error);

} // namespace stillroom
