// Events on their way to the view, merged while it does not look, so that they stay few. Private to
// core/experiment. Any thread.
#pragma once

#include "core/engine/events.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

namespace stillroom {

/// Consecutive StepsEvents become one. Beyond the bounds below neighbouring records are merged into one
/// (sums, and of losses the mean over the kept), so a view that looks late sees coarser steps and the same
/// totals. All other events stay as they are.
class ViewInbox {
  public:
    static constexpr std::size_t MaxSteps = 65'536; ///< step records waiting
    static constexpr std::size_t MaxWindows = 1'024;

    void add(std::vector<Event> events);
    std::vector<Event> drain();
    /// Waits until there is something, at most `patience`.
    std::vector<Event> wait(std::chrono::milliseconds patience);

  private:
    void append(StepsEvent event);
    /// What an epoch had done so far says nothing any more when there is something newer.
    void dropOlder(const SnapshotEvent& newer);
    void shrink();

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<Event> events_;
    std::size_t steps_ = 0;
    std::size_t windows_ = 0;
};

/// `a` and then `b` as one record.
[[nodiscard]] StepRecord mergeSteps(const StepRecord& a, const StepRecord& b);
[[nodiscard]] WindowRecord mergeWindows(const WindowRecord& a, const WindowRecord& b);

} // namespace stillroom
