// Who is writing a run folder. The lock is the kernel's: it goes with the process, however that ends.
#pragma once

#include "core/base/result.h"

#include <memory>
#include <string>

namespace stillroom {

/// Held as long as it lives, for this process alone. On a file system that knows no locks (some network ones)
/// it is not held, and nobody is told to wait.
class RunLock {
  public:
    /// Errors: another process is writing this run; the folder cannot be written.
    static Result<std::unique_ptr<RunLock>> take(const std::string& runFolder);
    ~RunLock();
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;

  private:
    explicit RunLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

/// Whether somebody, this process included, is writing it now. Asks the kernel, takes nothing. Any thread.
[[nodiscard]] bool isRunning(const std::string& runFolder);

} // namespace stillroom
