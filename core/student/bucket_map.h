// n-gram bucket → row of the embedding. Open addressing, linear probing: a bucket is the low bits of a mixed
// hash already, so it is its own hash.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

/// Written once, then read by any thread.
class BucketMap {
  public:
    static constexpr std::uint32_t None = 0xFFFFFFFF;

    BucketMap() = default;
    /// Row i stands for buckets[i]. Returns with `ok` false when a bucket occurs twice.
    explicit BucketMap(std::span<const std::uint32_t> buckets) {
        std::size_t slots = 16;
        while (slots < 2 * buckets.size())
            slots *= 2;
        keys_.resize(slots);
        rows_.assign(slots, None);
        mask_ = slots - 1;
        for (std::size_t row = 0; row < buckets.size(); ++row) {
            std::size_t slot = buckets[row] & mask_;
            while (rows_[slot] != None) {
                unique_ = unique_ && keys_[slot] != buckets[row];
                slot = (slot + 1) & mask_;
            }
            keys_[slot] = buckets[row];
            rows_[slot] = static_cast<std::uint32_t>(row);
        }
    }

    [[nodiscard]] bool unique() const { return unique_; }

    [[nodiscard]] std::uint32_t row(std::uint32_t bucket) const {
        for (std::size_t slot = bucket & mask_; rows_[slot] != None; slot = (slot + 1) & mask_)
            if (keys_[slot] == bucket)
                return rows_[slot];
        return None;
    }

  private:
    std::vector<std::uint32_t> keys_ = {0};
    std::vector<std::uint32_t> rows_ = {None};
    std::size_t mask_ = 0;
    bool unique_ = true;
};

} // namespace stillroom
