// AdamW as a network's updates use it: one step for several of them where that is wanted.
#pragma once

#include "core/engine/training_settings.h"
#include "core/student/adamw.h"
#include "core/student/training_state.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace stillroom {

class NetworkOptimizer {
  public:
    NetworkOptimizer(std::vector<AdamWTarget> targets, const OptimizerSettings& settings);

    /// What the gradient of one of an update's `samples` samples is multiplied by, so that a step goes by the
    /// mean over its updates.
    [[nodiscard]] double share(std::size_t samples) const;

    /// An update's gradient was added to the targets'. True: with it came the step.
    /// Throws std::runtime_error where the gradient is not finite; the weights are then as they were.
    bool updateDone(double learningRate);

    /// The step for the updates that wait for others, by their own mean. False: none does.
    bool flush(double learningRate);

    /// The targets' values, their moments, and the gradients that wait for the step.
    void putState(TrainingState& state) const;
    /// False: the state is not of these targets; some of them may have been changed by then.
    [[nodiscard]] bool takeState(const TrainingState& state);

  private:
    void step(double learningRate);

    std::vector<AdamWTarget> targets_;
    AdamW optimizer_;
    std::int64_t together_;
    std::int64_t pending_ = 0; ///< updates whose gradient waits for the step
};

} // namespace stillroom
