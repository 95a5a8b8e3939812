// What the rules share among themselves: their factories and the part that is the same in all. Internal to
// core/selection; everybody else makes rules with makeRule (rule.h).
#pragma once

#include "core/base/random.h"
#include "core/selection/rule.h"
#include "core/selection/weights.h"

#include <cassert>
#include <cmath>

namespace stillroom {

// One a file. The settings have passed checkSelection, the population what makeRule checks.
std::unique_ptr<Rule> makeAll(const SelectionSettings& settings, const Population& population);
std::unique_ptr<Rule> makeRandom(const SelectionSettings& settings, const Population& population);
std::unique_ptr<Rule> makeTeacher(const SelectionSettings& settings, const Population& population);
std::unique_ptr<Rule> makeOracle(const SelectionSettings& settings, const Population& population);
std::unique_ptr<Rule> makeLlkd(const SelectionSettings& settings, const Population& population);

/// Settings, population, and a state whose first entry is the rule's name with the number of classes, so that
/// the state of one rule is never taken for another's.
class RuleBase : public Rule {
  public:
    [[nodiscard]] bool needsScores() const override { return weightsNeedUncertainty(settings_); }
    [[nodiscard]] Thresholds thresholds() const override { return {}; }
    [[nodiscard]] RuleState state() const override;
    Result<void> restore(const RuleState& state) override;
    void adjust(const SelectionSettings& settings) override;

  protected:
    RuleBase(const SelectionSettings& settings, const Population& population)
        : settings_(settings), population_(population) {}

    /// The entry `name` with `size` values (any number when size is AnySize), or the error that there is
    /// none.
    static constexpr std::size_t AnySize = static_cast<std::size_t>(-1);
    [[nodiscard]] Result<const std::vector<double>*> entry(const RuleState& state, std::string_view name,
                                                           std::size_t size = AnySize) const;
    [[nodiscard]] tl::unexpected<Error> damaged(std::string_view name) const;

    SelectionSettings settings_;
    Population population_;
};

/// ⌈ρN⌉, at least 1 and at most N (0 when N is 0). The slack keeps 0.07·100 = 7.000000000000001 at 7.
[[nodiscard]] inline std::size_t shareOf(double ratio, std::size_t size) {
    if (size == 0)
        return 0;
    const double wanted = std::ceil(ratio * static_cast<double>(size) - 1e-6);
    const double bounded = std::fmin(std::fmax(wanted, 1.0), static_cast<double>(size));
    return static_cast<std::size_t>(bounded);
}

/// A number for each sample that looks random and differs between any two samples (mix64 is a bijection), so
/// that an order by it has no ties.
class SampleHash {
  public:
    explicit SampleHash(std::uint64_t seed, std::uint64_t epoch = 0)
        : base_(mix64(mix64(seed) ^ (epoch * 0xd1342543de82ef95ULL))) {}
    [[nodiscard]] std::uint64_t operator()(std::uint32_t sample) const { return mix64(base_ + sample); }

  private:
    std::uint64_t base_;
};

} // namespace stillroom
