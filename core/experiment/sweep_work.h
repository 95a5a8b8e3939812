// Doing the tasks of a sweep, one after another, in one process. Others may do the same beside it.
#pragma once

#include "core/experiment/sweep_folder.h"

#include <functional>
#include <string>

namespace stillroom {

/// A task that this process holds.
class SweepTaskInHand {
  public:
    [[nodiscard]] const SweepTask& task() const { return task_; }
    [[nodiscard]] const Experiment& experiment() const { return experiment_; }
    /// The run that was cut off before its end, to be taken up; empty: none.
    [[nodiscard]] const std::string& cutOffRun() const { return cutOffRun_; }
    /// To be said as soon as there is a run folder: from then on a kill leaves something to take up. Errors:
    /// not writable, disk full.
    Result<void> runBegan(const std::string& folder);
    /// Whether the user wants it no more.
    [[nodiscard]] bool cancelled() const { return folder_.cancelRequested(task_.number); }

  private:
    friend class SweepWorker;
    SweepTaskInHand(const SweepFolder& folder, const SweepTask& task, Experiment experiment,
                    SweepStatus status);
    const SweepFolder& folder_;
    const SweepTask& task_;
    Experiment experiment_;
    SweepStatus status_;
    std::string cutOffRun_;
};

/// What came of a task. Interrupted: it stays cut off, and is taken up another time.
struct SweepTaskEnd {
    enum class How { Completed, Failed, Cancelled, Interrupted } how = How::Completed;
    Error error = {}; ///< of Failed
};

/// Trains it, on the thread that calls. Never throws.
using SweepTrainer = std::function<SweepTaskEnd(SweepTaskInHand& task)>;

struct SweepWorkDone {
    int completed = 0, failed = 0, cancelled = 0; ///< by this call
    int busy = 0;                                 ///< held by others when it came by
    bool interrupted = false;
};

/// Does what waits or was cut off until nothing is left, or the trainer was interrupted; tasks on the same
/// data follow each other. `only` > 0: just that one. A task that fails keeps nobody from the others.
/// Errors: the folder cannot be read or written, after which the tasks that are left are as they were.
Result<SweepWorkDone> workOn(const SweepFolder& folder, const SweepTrainer& train, int only = 0);

/// What experiments share that train on the same data and the same teacher's word: equal texts, equal
/// Prepared (prepare.h).
[[nodiscard]] std::string dataKeyOf(const Experiment& experiment);

} // namespace stillroom
