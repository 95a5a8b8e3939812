// The best student of a session: which it is, and how it reaches the disk.
#pragma once

#include "core/engine/session.h"
#include "core/student/network.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace stillroom {

/// The training thread's. Network and sink outlive it. What is written is told by a CheckpointEvent; a disk
/// that cannot be written throws std::runtime_error.
class BestStudent {
  public:
    /// Empty folder: nothing is written.
    BestStudent(Network& network, std::string checkpointFolder, const EventSink& sink);

    /// The student of now was evaluated, after `step`. True: it is the best so far, by macro-F1; of equals
    /// the earlier is.
    bool consider(const Metrics& validation, std::int64_t step);

    /// So that a kill costs little: writes the best one if that was not done for a minute, and if it is the
    /// student of now (its weights need not be put in their place for it then).
    void writeNowAndThen(std::int64_t step);

    /// Writes the student of now under this link.
    void write(const std::string& link, std::int64_t step);

    /// Training is over: the network's weights become the best one's, or stay where none was evaluated, and
    /// are written. Returns the step after which it was that.
    std::int64_t end(std::int64_t lastStep);

  private:
    Network& network_;
    const std::string folder_;
    const EventSink& sink_;
    double macroF1_ = -1;
    std::int64_t step_ = 0; ///< 0: none yet
    std::chrono::steady_clock::time_point written_;
};

} // namespace stillroom
