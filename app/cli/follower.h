// What a run says, told on stderr: a progress line, a line for each evaluation, the end.
#pragma once

#include "app/cli/progress_line.h"
#include "core/engine/events.h"

#include <string>

namespace stillroom::cli {

class Follower {
  public:
    /// Quiet: follows, and says nothing.
    explicit Follower(bool quiet) : line_(quiet) {}

    void see(const Event& event);

    [[nodiscard]] const FinishedEvent& end() const { return end_; }
    [[nodiscard]] const StartedEvent& started() const { return started_; }

  private:
    void on(const PreparingEvent& event);
    void on(const StartedEvent& event);
    void on(const StepsEvent& event);
    void on(const EvaluationEvent& event);
    void on(const MessageEvent& event);
    void on(const FinishedEvent& event);
    void on(const auto&) {} // edits and pauses are the window's

    ProgressLine line_;
    std::string doing_; ///< before the first step
    StartedEvent started_;
    FinishedEvent end_;
};

} // namespace stillroom::cli
