// Gathers what steps say until it is worth an event: steps are far more frequent than anybody reads.
#pragma once

#include "core/engine/events.h"
#include "core/selection/rule.h"
#include "core/student/training_state.h"

#include <chrono>
#include <cstdint>
#include <span>

namespace stillroom {

/// One candidate batch, as the trainer saw it.
struct StepSummary {
    StepRecord record;
    std::span<const std::int32_t> labels; ///< pseudo-labels of the candidates
    std::span<const float> confidences;
    std::span<const std::uint8_t> keep;
};

class StepReporter {
  public:
    /// A window closes every `windowSteps` steps: by number, not by time, so that the same seed says the
    /// same.
    StepReporter(int classCount, std::int64_t windowSteps, std::int64_t totalSteps);

    void add(const StepSummary& step, const Rule& rule);
    /// True about thirty times a second.
    [[nodiscard]] bool due() const;
    /// Closes the open window too (at the end of an epoch or of the run).
    void closeWindow(const Rule& rule);
    /// What was gathered; empty steps when there was nothing.
    /// `budgetSpent`: share of a budget that may end the run sooner than its steps; 0 without one.
    [[nodiscard]] StepsEvent take(const SampleCounts& counts, double budgetSpent);
    /// The clock runs from the first of these to stopClock: a pause or an evaluation is no training.
    void startClock();
    void stopClock();
    [[nodiscard]] double secondsTrained() const { return trained_.count(); }

    /// First step of the window that is open; 0: none is.
    [[nodiscard]] std::int64_t openWindowStep() const { return windowOpen_ ? window_.firstStep : 0; }
    /// Adds the open window and the time trained. What was gathered must have been taken.
    void putState(TrainingState& state) const;
    /// Before the first step. False: the state is of other classes.
    [[nodiscard]] bool takeState(const TrainingState& state, std::int64_t step);
    /// Estimated cost of what follows training and is not steps (evaluations).
    void expectAfterwards(double seconds) { afterwards_ = seconds; }

  private:
    using Clock = std::chrono::steady_clock;
    void openWindow(std::int64_t step);

    std::size_t classCount_;
    std::int64_t windowSteps_, totalSteps_, step_ = 0;
    StepsEvent gathered_;
    WindowRecord window_;
    bool windowOpen_ = false;
    std::chrono::duration<double> trained_{0};
    Clock::time_point lastStep_;
    bool clockRuns_ = false;
    Clock::time_point lastTake_ = Clock::now();
    double secondsPerStep_ = 0; // smoothed over about a second
    double samplesPerStep_ = 0;
    double afterwards_ = 0;
};

} // namespace stillroom
