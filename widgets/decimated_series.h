// A curve over hundreds of thousands of steps in a few hundred buckets, kept up to date step by step: when
// the buckets run out, neighbours are merged and each new bucket takes twice as many steps. Adding is O(1)
// amortized.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

class DecimatedSeries {
  public:
    struct Bucket {
        std::int64_t first = 0, last = 0; ///< steps
        std::int64_t count = 0;
        double low = 0, high = 0, sum = 0;
        double latest = 0; ///< the value at `last`
        [[nodiscard]] double mean() const { return sum / static_cast<double>(count); }
        [[nodiscard]] double middle() const { return static_cast<double>(first + last) / 2; }
    };

    /// At most `capacity` buckets (even, at least 2).
    explicit DecimatedSeries(std::size_t capacity = 512);

    /// Steps come in ascending order. NaN is left out.
    void add(std::int64_t step, double value);
    void clear();
    [[nodiscard]] std::span<const Bucket> buckets() const { return buckets_; }
    [[nodiscard]] std::int64_t stride() const { return stride_; } ///< values a full bucket holds

  private:
    void mergeNeighbours();

    std::size_t capacity_;
    std::int64_t stride_ = 1;
    std::vector<Bucket> buckets_;
};

} // namespace stillroom
