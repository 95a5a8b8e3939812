// The checkpoints of a session: when one is due, and how it reaches the disk.
#pragma once

#include "core/engine/checkpoint_manifest.h"
#include "core/engine/training_settings.h"
#include "core/student/training_state.h"

#include <string>

namespace stillroom {

/// The training thread's.
class Checkpoints {
  public:
    /// Empty folder: none is ever due. `step` and `seconds` (trained) are where the session begins.
    Checkpoints(std::string folder, const CheckpointSettings& settings, std::int64_t step, double seconds);

    [[nodiscard]] bool due(std::int64_t step, double secondsTrained) const;
    /// Nothing was trained since the last one, or there is nowhere to write one.
    [[nodiscard]] bool upToDate(std::int64_t step) const { return folder_.empty() || step == step_; }

    /// Writes one, and takes older ones away. `cost`: seconds it took to gather the state. Errors: disk; the
    /// newest of the older ones stay.
    Result<void> write(const TrainingState& state, CheckpointManifest manifest, double secondsTrained,
                       double cost);

    /// One could not be written: the next is due as if it had been.
    void postpone(std::int64_t step, double secondsTrained) {
        step_ = step;
        seconds_ = secondsTrained;
    }

    /// The run is over: what the settings do not keep goes. `best`: the best student's folder.
    void end(const std::string& best) const;

  private:
    const std::string folder_;
    const CheckpointSettings settings_;
    std::int64_t step_; ///< of the last one
    double seconds_;    ///< trained up to it
    double patience_;   ///< seconds to train until the next, where no setting says it
};

} // namespace stillroom
