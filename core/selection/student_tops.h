// What the student itself would say of each sample of a batch: its likeliest class, and how likely that is.
// FixMatch and its kin (arXiv 2001.07685, 2110.08263, 2205.07246, 2301.10921) decide by it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

/// One thread. Allocates nothing once it has seen a batch of the size.
class StudentTops {
  public:
    /// `probabilities` are B×K, row by row; of equally likely classes the first one counts. A row of NaN: the
    /// first class, NaN.
    void look(std::span<const float> probabilities, std::size_t classes);

    [[nodiscard]] std::span<const std::int32_t> labels() const { return labels_; }
    [[nodiscard]] std::span<const float> confidences() const { return confidences_; }

  private:
    std::vector<std::int32_t> labels_;
    std::vector<float> confidences_;
};

} // namespace stillroom
