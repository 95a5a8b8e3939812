// When each step of a run was done, and how far it had come: from the tables `progress`, `states` and
// `evaluations` of run.sqlite.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

/// A row of `progress`, written several times a second of training.
struct ProgressRow {
    std::int64_t step = 0;
    std::int64_t seen = 0, gradient = 0, distinct = 0;
    double samplesPerSecond = 0;
    double seconds = 0; ///< trained so far, evaluations and pauses not counted
};

/// What is recorded of a run's time. Between two records it is taken to pass evenly.
class RunClock {
  public:
    /// Errors: no run folder, damaged database.
    static Result<RunClock> read(const std::string& runFolder);

    [[nodiscard]] const std::vector<ProgressRow>& progress() const { return progress_; }

    /// Seconds since 1970 at the end of a step (0: when training began): the time at which training was last
    /// begun or resumed before it, and what was trained and evaluated since. Never later than the pause after
    /// it.
    [[nodiscard]] double at(std::int64_t step) const;

  private:
    struct Moment {
        std::int64_t step = 0;
        double time = 0;
    };
    /// Of training and evaluating, up to the end of a step.
    [[nodiscard]] double secondsUntil(std::int64_t step) const;

    std::vector<ProgressRow> progress_;
    std::vector<Moment> states_;      ///< at least one; time since 1970
    std::vector<Moment> evaluations_; ///< time: what it and all before it took
};

} // namespace stillroom
