// How long work reports where it is and learns that it should stop. Thread-safe; one writer, any readers.
#pragma once

#include <atomic>
#include <cstdint>

namespace stillroom {

/// Handed to long work by whoever waits for it. The worker adds to `done` and looks at `cancelled`; the
/// waiter polls `done`/`total` for a bar and an ETA. Units are the worker's (bytes for files).
class Progress {
  public:
    void expect(std::int64_t total) { total_.store(total, std::memory_order_relaxed); }
    void advance(std::int64_t amount) { done_.fetch_add(amount, std::memory_order_relaxed); }
    void cancel() { cancelled_.store(true, std::memory_order_relaxed); }

    [[nodiscard]] std::int64_t done() const { return done_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t total() const { return total_.load(std::memory_order_relaxed); }
    [[nodiscard]] bool cancelled() const { return cancelled_.load(std::memory_order_relaxed); }

  private:
    std::atomic<std::int64_t> done_{0};
    std::atomic<std::int64_t> total_{0};
    std::atomic<bool> cancelled_{false};
};

} // namespace stillroom
