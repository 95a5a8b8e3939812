// What the rules share among themselves: their factories and the part that is the same in all. Internal to
// core/selection; everybody else makes rules with makeRule (rule.h).
#pragma once

#include "core/base/random.h"
#include "core/selection/rule.h"
#include "core/selection/weights.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace stillroom {

// One a file. The settings have passed checkSelection, the population what makeRule checks.
std::unique_ptr<Rule> makeAll(const SelectionSettings& settings, const Population& population);
std::unique_ptr<Rule> makeRandom(const SelectionSettings& settings, const Population& population);
std::unique_ptr<Rule> makeTeacher(const SelectionSettings& settings, const Population& population);
std::unique_ptr<Rule> makeStudent(const SelectionSettings& settings, const Population& population);
std::unique_ptr<Rule> makeFixMatch(const SelectionSettings& settings, const Population& population);
std::unique_ptr<Rule> makeFlexMatch(const SelectionSettings& settings, const Population& population);
std::unique_ptr<Rule> makeFreeMatch(const SelectionSettings& settings, const Population& population);
std::unique_ptr<Rule> makeSoftMatch(const SelectionSettings& settings, const Population& population);
std::unique_ptr<Rule> makeSmallLoss(const SelectionSettings& settings, const Population& population);
std::unique_ptr<Rule> makeOracle(const SelectionSettings& settings, const Population& population);
std::unique_ptr<Rule> makeLlkd(const SelectionSettings& settings, const Population& population);

/// Settings, population, the thresholds of the last batch, and the frame of a state: its first entry is the
/// rule's name with the number of classes, so that the state of one rule is never taken for another's; then
/// what the rule itself adds; then the thresholds.
class RuleBase : public Rule {
  public:
    [[nodiscard]] bool needsScores() const override { return weightsNeedUncertainty(settings_); }
    [[nodiscard]] Thresholds thresholds() const final { return thresholds_; }
    [[nodiscard]] RuleState state() const final;
    Result<void> restore(const RuleState& state) final;
    void adjust(const SelectionSettings& settings) override;

  protected:
    RuleBase(const SelectionSettings& settings, const Population& population)
        : settings_(settings), population_(population) {}

    /// Appends the entries of the rule's own. Nothing: it remembers nothing.
    virtual void addState(RuleState& state) const;
    /// Takes them back. The rule is as it was after an error, and this is the last thing that can fail.
    virtual Result<void> restoreOwn(const RuleState& state);

    /// The entry `name` with `size` finite values (any number when size is AnySize), or the error that there
    /// is none.
    static constexpr std::size_t AnySize = static_cast<std::size_t>(-1);
    [[nodiscard]] Result<const std::vector<double>*> entry(const RuleState& state, std::string_view name,
                                                           std::size_t size = AnySize) const;
    [[nodiscard]] tl::unexpected<Error> damaged(std::string_view name) const;
    /// The error that a state was made of other data.
    [[nodiscard]] tl::unexpected<Error> otherSamples() const;
    [[nodiscard]] std::size_t classCount() const { return static_cast<std::size_t>(population_.classCount); }

    SelectionSettings settings_;
    Population population_;
    Thresholds thresholds_;
};

/// Fills in verdicts and keep of a batch: `verdictOf(i)` for each sample. It should hold what it looks at by
/// value: what is behind a reference would be read anew after every byte that is written here.
template <class VerdictOf>
void judge(std::size_t size, Decision& decision, VerdictOf verdictOf) {
    decision.verdicts.resize(size);
    decision.keep.resize(size);
    Verdict* const verdicts = decision.verdicts.data();
    std::uint8_t* const keep = decision.keep.data();
    for (std::size_t i = 0; i < size; ++i) {
        const Verdict verdict = verdictOf(i);
        verdicts[i] = verdict;
        keep[i] = verdict == Verdict::Kept ? 1 : 0;
    }
}

/// To [clipLow, clipHigh] as they stand at `place`; where the two schedules cross, to the upper one. NaN
/// stays.
class Clip {
  public:
    Clip(const SelectionSettings& settings, const RunPlace& place)
        : low_(settings.clipLow.at(place)), high_(settings.clipHigh.at(place)) {}
    [[nodiscard]] double operator()(double value) const { return std::min(std::max(value, low_), high_); }

  private:
    double low_, high_;
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
