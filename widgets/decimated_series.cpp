#include "widgets/decimated_series.h"

#include <algorithm>
#include <cmath>

namespace stillroom {

DecimatedSeries::DecimatedSeries(std::size_t capacity)
    : capacity_(std::max<std::size_t>(2, capacity & ~1ULL)) {
    buckets_.reserve(capacity_);
}

void DecimatedSeries::add(std::int64_t step, double value) {
    if (std::isnan(value))
        return;
    if (!buckets_.empty() && buckets_.back().count < stride_) {
        Bucket& b = buckets_.back();
        b.last = step;
        ++b.count;
        b.low = std::min(b.low, value);
        b.high = std::max(b.high, value);
        b.sum += value;
        b.latest = value;
        return;
    }
    if (buckets_.size() == capacity_)
        mergeNeighbours();
    buckets_.push_back({step, step, 1, value, value, value, value});
}

void DecimatedSeries::mergeNeighbours() {
    for (std::size_t i = 0; i < capacity_ / 2; ++i) {
        const Bucket& a = buckets_[2 * i];
        const Bucket& b = buckets_[2 * i + 1];
        buckets_[i] = {
            a.first,       b.last,  a.count + b.count, std::min(a.low, b.low), std::max(a.high, b.high),
            a.sum + b.sum, b.latest};
    }
    buckets_.resize(capacity_ / 2);
    stride_ *= 2;
}

void DecimatedSeries::clear() {
    buckets_.clear();
    stride_ = 1;
}

} // namespace stillroom
