// The best so many of a batch by some number: `student`, `small_loss` and llkd's fixed ratio keep them.
#pragma once

#include "core/selection/rules.h"

#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

/// One thread. Allocates nothing once it has seen a batch of the size.
class TopShare {
  public:
    /// Where the B numbers are put that the next `keep` goes by. A NaN counts as the lowest.
    [[nodiscard]] std::span<float> numbers(std::size_t size);

    /// Fills in verdicts and keep: exactly `count` are kept (1 to B; 0 when B is 0), those of the largest
    /// numbers, of equals those of the larger hash; the others get `refusal`. Returns the lowest number that
    /// is kept; 0 when B is 0.
    float keep(std::span<const std::uint32_t> samples, const SampleHash& hash, std::size_t count,
               Verdict refusal, Decision& decision);

  private:
    std::vector<float> numbers_;
    std::vector<std::uint64_t> keys_, ordered_;
};

} // namespace stillroom
