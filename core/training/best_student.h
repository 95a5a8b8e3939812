// The best student of a session: which it is, and how it reaches the disk.
#pragma once

#include "core/engine/session.h"
#include "core/student/network.h"

#include <cstdint>
#include <string>

namespace stillroom {

/// The training thread's. Network and sink outlive it. What is written is told by a CheckpointEvent.
class BestStudent {
  public:
    /// Empty folder: nothing is written.
    BestStudent(Network& network, std::string checkpointFolder, const EventSink& sink);

    /// The student of now was evaluated, after `step`. True: it is the best so far, by macro-F1; of equals
    /// the earlier is.
    bool consider(const Metrics& validation, std::int64_t step);

    /// 0: none yet.
    [[nodiscard]] std::int64_t step() const { return step_; }
    /// Of the best one below the checkpoints; empty: there is none, or it was not written.
    [[nodiscard]] std::string folder() const;

    /// On the disk, unless there is none or it is there already. Errors: disk.
    Result<void> write();

    /// Adds what a later session needs to know of it beside its file, which must have been written.
    void putState(TrainingState& state) const;
    /// False: the state has nothing of it. The network has its weights already.
    [[nodiscard]] bool takeState(const TrainingState& state);

    /// Training is over: the network's weights become the best one's, or stay where none was evaluated, and
    /// are written. Returns the step after which it was that. A disk that cannot be written throws
    /// std::runtime_error.
    std::int64_t end(std::int64_t lastStep);

  private:
    Network& network_;
    const std::string folder_;
    const EventSink& sink_;
    double macroF1_ = -1;
    std::int64_t step_ = 0;    ///< 0: none yet
    std::int64_t written_ = 0; ///< the same of the one on the disk
};

} // namespace stillroom
