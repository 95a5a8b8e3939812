// How often a sample was kept over the epochs so far, and when first and last. 8 bytes a sample.
#pragma once

#include "core/selection/sample_trace.h"

#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

/// Grows epoch by epoch, in order. Epochs beyond 65,535 are not counted.
class SampleHistory {
  public:
    explicit SampleHistory(std::size_t samples) : entries_(samples) {}

    /// The traces of the next epoch (from 1; epochs without a snapshot may be left out); an epoch that is
    /// there already is replaced only when it is the last one (what the epoch under way did so far).
    void add(std::int64_t epoch, std::span<const SampleTrace> traces);

    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] std::int64_t epochs() const { return epochs_; }
    [[nodiscard]] int keptTimes(std::size_t sample) const;
    /// Epochs from 1; 0: never.
    [[nodiscard]] int firstKept(std::size_t sample) const;
    [[nodiscard]] int lastKept(std::size_t sample) const;

  private:
    struct Entry {
        std::uint16_t kept = 0, first = 0, last = 0,
                      before = 0; ///< `before`: last kept before the last epoch
    };
    std::vector<Entry> entries_;
    std::int64_t epochs_ = 0;
};

} // namespace stillroom
