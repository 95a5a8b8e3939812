// A sweep on disk, below the runs folder:
//
//   runs/2026-11-30T171500.123-4821-humaid-rules-sweep/
//     sweep.yaml        the experiment and what it is done over; `stillroom-cli sweep` takes it again
//     tasks.json        every run with its settings; where the data lie
//     tasks/0001.json   how the first one stands
//     tasks.lock        byte n is locked by the process that does task n
//     2026-…            the run folders
//
// Any number of processes, on any machines that share the folder, may work on it: each task is done by the
// one that holds its lock, which the kernel releases when that process ends, however it does. Files are
// replaced atomically, so that a kill leaves every task as it stood before or after.
#pragma once

#include "core/base/result.h"
#include "core/data/loader.h"
#include "core/experiment/sweep_tasks.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stillroom {

/// Where a task stands. What can be read of its run is in the run's own folder (run_summary.h).
struct SweepStatus {
    enum class State {
        Waiting,
        Running,
        CutOff, ///< begun, and nobody is at it: killed or interrupted; it is taken up again
        Completed,
        Failed,    ///< `error` says why
        Cancelled, ///< by the user
    };
    State state = State::Waiting;
    std::string run;                      ///< its folder's name below the sweep's; empty: none yet
    std::string error;                    ///< one sentence
    ErrorKind kind = ErrorKind::BadInput; ///< of the error
    std::string began, ended;             ///< ISO 8601, local time with offset; empty: not yet
    std::string host;                     ///< where it was begun last
    int pid = 0;                          ///< there
    int attempts = 0;                     ///< how often it was begun

    [[nodiscard]] bool over() const {
        return state == State::Completed || state == State::Failed || state == State::Cancelled;
    }
};

/// "waiting", "running", "cut off", "completed", "failed", "cancelled".
[[nodiscard]] const char* stateName(SweepStatus::State state);

/// Held as long as it lives.
class SweepLock {
  public:
    explicit SweepLock(int descriptor) : descriptor_(descriptor) {}
    ~SweepLock();
    SweepLock(SweepLock&& other) noexcept;
    SweepLock& operator=(SweepLock&& other) noexcept;

  private:
    int descriptor_ = -1;
};

struct SweepOrigin {
    std::string dataRoot; ///< absolute
    BadRowPolicy badRows = BadRowPolicy::Stop;
    std::string version = STILLROOM_VERSION;
};

/// Reads and writes small files: any thread but the GUI's.
class SweepFolder {
  public:
    /// Makes it whole, or nothing; `runsFolder` too when it is not there. Errors: those of tasksOf; not
    /// writable, disk full.
    static Result<SweepFolder> create(const std::string& runsFolder, const Sweep& sweep,
                                      const SweepOrigin& origin);
    /// Errors: no sweep folder, damaged, newer format.
    static Result<SweepFolder> open(const std::string& path);
    /// Whether there is one, damaged or not.
    [[nodiscard]] static bool isOne(const std::string& path);

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] const Sweep& sweep() const { return sweep_; }
    [[nodiscard]] const SweepOrigin& origin() const { return origin_; }
    [[nodiscard]] const std::vector<SweepTask>& tasks() const { return tasks_; }
    /// Null when there is no such number.
    [[nodiscard]] const SweepTask* task(int number) const;

    /// Errors: damaged, not readable.
    [[nodiscard]] Result<SweepStatus> status(int number) const;
    /// Only for who holds the task's lock. CutOff is written as Running. Errors: not writable, disk full.
    Result<void> setStatus(int number, const SweepStatus& status) const;
    /// Nothing when another process, or another lock of this one, has it. Errors: not writable.
    [[nodiscard]] Result<std::optional<SweepLock>> lock(int number) const;
    /// Whether anybody has it; takes nothing.
    [[nodiscard]] bool isLocked(int number) const;

    /// Asks whoever does the task, now or later, not to; it is answered within a second. Errors: not
    /// writable.
    Result<void> requestCancel(int number) const;
    [[nodiscard]] bool cancelRequested(int number) const;
    /// Failed and cancelled tasks that nobody is at wait again. Returns how many. Errors: not writable.
    Result<int> reopen() const;

    /// The run's folder; empty when there is none yet.
    [[nodiscard]] std::string runFolder(const SweepStatus& status) const;

  private:
    SweepFolder() = default;
    [[nodiscard]] std::string file(int number, const char* ending) const;

    std::string path_;
    Sweep sweep_;
    SweepOrigin origin_;
    std::vector<SweepTask> tasks_;
};

} // namespace stillroom
