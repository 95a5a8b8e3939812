#include "core/selection/moving_statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace stillroom {

double quantileOf(std::span<const float> values, double q, std::vector<float>& scratch) {
    assert(!values.empty());
    scratch.assign(values.begin(), values.end());
    const double position = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const double share = position - static_cast<double>(below);
    const auto at = scratch.begin() + static_cast<std::ptrdiff_t>(below);
    std::nth_element(scratch.begin(), at, scratch.end());
    const double low = *at;
    if (share == 0 || below + 1 == scratch.size())
        return low;
    const double high = *std::min_element(at + 1, scratch.end());
    return low + (high - low) * share;
}

MovingStatistics::MovingStatistics(int classCount)
    : classes_(static_cast<std::size_t>(classCount)), occurs_(classes_.size(), 1), sums_(classes_.size()),
      counts_(classes_.size()) {}

void MovingStatistics::onlyClassesOf(std::span<const std::int32_t> labels) {
    if (labels.empty())
        return; // nothing is known: any may come
    std::fill(occurs_.begin(), occurs_.end(), std::uint8_t{0});
    for (const auto label : labels)
        occurs_[static_cast<std::size_t>(label)] = 1;
}

void MovingStatistics::start(double value) {
    started_ = true;
    global_ = value;
    std::fill(classes_.begin(), classes_.end(), value);
}

double MovingStatistics::collect(std::span<const float> values, std::span<const std::int32_t> labels) {
    assert(values.size() == labels.size());
    std::fill(sums_.begin(), sums_.end(), 0.0);
    std::fill(counts_.begin(), counts_.end(), 0);
    double sum = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto label = static_cast<std::size_t>(labels[i]);
        const double value = values[i];
        sum += value;
        sums_[label] += value;
        ++counts_[label];
    }
    return sum / static_cast<double>(values.size());
}

void MovingStatistics::start(std::span<const float> values, std::span<const std::int32_t> labels,
                             std::optional<double> quantile) {
    if (values.empty())
        return;
    const double mean = collect(values, labels);
    started_ = true;
    global_ = quantile ? quantileOf(values, *quantile, scratch_) : mean;
    for (std::size_t y = 0; y < classes_.size(); ++y)
        classes_[y] = counts_[y] > 0 ? sums_[y] / static_cast<double>(counts_[y]) : mean;
}

void MovingStatistics::update(std::span<const float> values, std::span<const std::int32_t> labels,
                              double decay, std::optional<double> quantile) {
    if (values.empty())
        return;
    if (!started_)
        start(values, labels, quantile);
    const double mean = collect(values, labels);
    const double statistic = quantile ? quantileOf(values, *quantile, scratch_) : mean;
    global_ = decay * global_ + (1 - decay) * statistic;
    for (std::size_t y = 0; y < classes_.size(); ++y)
        if (counts_[y] > 0)
            classes_[y] = decay * classes_[y] + (1 - decay) * sums_[y] / static_cast<double>(counts_[y]);
}

void MovingStatistics::thresholds(double scale, bool classScaling, double low, double high,
                                  std::vector<double>& out) const {
    assert(started_);
    out.resize(classes_.size());
    double largest = 0;
    for (std::size_t y = 0; y < classes_.size(); ++y)
        if (occurs_[y])
            largest = std::max(largest, classes_[y]);
    for (std::size_t y = 0; y < classes_.size(); ++y) {
        // All classes at 0 are as large as the largest.
        const double share = classScaling && largest > 0 ? std::min(1.0, classes_[y] / largest) : 1.0;
        out[y] = std::clamp(scale * global_ * share, low, high);
    }
}

std::vector<double> MovingStatistics::state() const {
    std::vector<double> state{started_ ? 1.0 : 0.0, global_};
    state.insert(state.end(), classes_.begin(), classes_.end());
    return state;
}

bool MovingStatistics::fits(const std::vector<double>& state, int classCount) {
    return state.size() == static_cast<std::size_t>(classCount) + 2 && (state[0] == 0 || state[0] == 1) &&
           std::all_of(state.begin(), state.end(), [](double value) { return std::isfinite(value); });
}

void MovingStatistics::restore(const std::vector<double>& state) {
    started_ = state[0] != 0;
    global_ = state[1];
    std::copy(state.begin() + 2, state.end(), classes_.begin());
}

} // namespace stillroom
