// A folder of results that is whole or not there: made under a hidden name beside its place, filled, synced
// and renamed.
#pragma once

#include "core/base/result.h"

#include <string>
#include <vector>

namespace stillroom {

/// What a folder is called, however its path is written: "x" of "runs/x/" and of "." within it.
[[nodiscard]] std::string folderName(const std::string& path);

/// One thread. Destroyed without `commit`, nothing of it is left. What a killed process left is swept by
/// the next one that writes into the same folder; of another machine's, a day later.
class OutputFolder {
  public:
    /// `path`: what it will be called; folders on the way to it are made.
    explicit OutputFolder(std::string path);
    ~OutputFolder();
    OutputFolder(const OutputFolder&) = delete;
    OutputFolder& operator=(const OutputFolder&) = delete;

    /// Errors: the folder that it lies in cannot be made or written.
    Result<void> create();
    /// Where its files are to be written; whoever writes them syncs them.
    [[nodiscard]] const std::string& temporary() const { return temporary_; }
    /// An error of writing a file there, in words of the folder as it will be called.
    [[nodiscard]] Error inItsPlace(Error error) const;
    /// `replace`: what is there under that name is exchanged for it and then removed. Errors: disk; and
    /// without `replace` something of that name.
    Result<void> commit(bool replace);

  private:
    std::string path_, temporary_;
    std::vector<std::string> parents_; ///< that were made on the way
};

} // namespace stillroom
