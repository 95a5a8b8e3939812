// The moving averages behind LLKD's thresholds: of one signal, over everything and by class (llkd.h has the
// formulas). Double throughout. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace stillroom {

/// The q-quantile of `values` (q in [0, 1], at least one value), linear between neighbours: numpy's default.
/// `scratch` is overwritten; it is the caller's so that a call in every step allocates nothing. A NaN among
/// the values counts as larger than all of them.
[[nodiscard]] double quantileOf(std::span<const float> values, double q, std::vector<std::int32_t>& scratch);

class MovingStatistics {
  public:
    explicit MovingStatistics(int classCount);

    [[nodiscard]] bool started() const { return started_; }
    [[nodiscard]] double global() const { return global_; }
    [[nodiscard]] const std::vector<double>& byClass() const { return classes_; }

    /// Classes that are none of `labels` take no part in "largest class" below: nothing will ever move their
    /// averages, and one left behind at its start would hold all other thresholds down.
    void onlyClassesOf(std::span<const std::int32_t> labels);

    /// The same value everywhere.
    void start(double value);
    /// From `values` and their classes: global the mean, or the quantile; each class its mean, a class that
    /// does not occur the mean of all. Nothing happens when there are no values.
    void start(std::span<const float> values, std::span<const std::int32_t> labels,
               std::optional<double> quantile);

    /// One step of the averages; the first one starts them when nothing did. Nothing happens when there are
    /// no values.
    void update(std::span<const float> values, std::span<const std::int32_t> labels, double decay,
                std::optional<double> quantile);

    /// scale · global · class / largest class; without class scaling scale · global for every class. Needs
    /// `started`.
    void thresholds(double scale, bool classScaling, std::vector<double>& out) const;

    /// started, global, the classes: 2 + K numbers.
    [[nodiscard]] std::vector<double> state() const;
    /// False, and nothing changed, when `state` cannot be one of these.
    [[nodiscard]] static bool fits(const std::vector<double>& state, int classCount);
    void restore(const std::vector<double>& state);

  private:
    /// Into `sums_` and `counts_`; returns the mean of all.
    double collect(std::span<const float> values, std::span<const std::int32_t> labels);

    bool started_ = false;
    double global_ = 0;
    std::vector<double> classes_;
    std::vector<std::uint8_t> occurs_; ///< by class
    // Of the batch under way.
    std::vector<double> sums_;
    std::vector<std::int64_t> counts_;
    std::vector<std::int32_t> scratch_;
};

} // namespace stillroom
