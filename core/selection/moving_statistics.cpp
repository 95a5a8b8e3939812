#include "core/selection/moving_statistics.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <limits>

namespace stillroom {

namespace {

/// Whole numbers in the order of the floats, and back. A NaN is beyond all.
std::int32_t orderOf(float value) {
    if (value != value)
        return std::numeric_limits<std::int32_t>::max();
    const auto bits = std::bit_cast<std::int32_t>(value);
    return bits < 0 ? bits ^ std::numeric_limits<std::int32_t>::max() : bits;
}

double valueOf(std::int32_t order) {
    return static_cast<double>(
        std::bit_cast<float>(order < 0 ? order ^ std::numeric_limits<std::int32_t>::max() : order));
}

std::size_t countUpTo(std::span<const std::int32_t> orders, std::int32_t bound) {
    std::int32_t count = 0;
    for (const auto order : orders)
        count += order <= bound ? 1 : 0;
    return static_cast<std::size_t>(count);
}

} // namespace

// By halving the range of values and counting, thirty times over: for the size of a batch that is several
// times faster than sorting part of it, because nothing in it has to be guessed.
double quantileOf(std::span<const float> values, double q, std::vector<std::int32_t>& scratch) {
    assert(!values.empty());
    scratch.resize(values.size());
    std::transform(values.begin(), values.end(), scratch.begin(), orderOf);
    const double position = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const double share = position - static_cast<double>(below);
    std::int64_t low = std::numeric_limits<std::int32_t>::max();
    std::int64_t high = std::numeric_limits<std::int32_t>::min();
    for (const auto order : scratch) {
        low = std::min<std::int64_t>(low, order);
        high = std::max<std::int64_t>(high, order);
    }
    while (low < high) { // the smallest bound that has more than `below` up to it
        const std::int64_t middle = low + (high - low) / 2;
        if (countUpTo(scratch, static_cast<std::int32_t>(middle)) > below)
            high = middle;
        else
            low = middle + 1;
    }
    const auto found = static_cast<std::int32_t>(low);
    const double value = valueOf(found);
    if (share == 0 || countUpTo(scratch, found) > below + 1)
        return value;
    std::int32_t next = std::numeric_limits<std::int32_t>::max();
    for (const auto order : scratch)
        next = order > found ? std::min(next, order) : next;
    return value + (valueOf(next) - value) * share;
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

void MovingStatistics::thresholds(double scale, bool classScaling, std::vector<double>& out) const {
    assert(started_);
    out.assign(classes_.size(), scale * global_);
    if (!classScaling)
        return;
    double largest = 0;
    for (std::size_t y = 0; y < classes_.size(); ++y)
        if (occurs_[y] != 0)
            largest = std::max(largest, classes_[y]);
    if (!(largest > 0))
        return; // all classes at 0 are as large as the largest
    for (std::size_t y = 0; y < classes_.size(); ++y)
        out[y] *= std::min(1.0, classes_[y] / largest);
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
