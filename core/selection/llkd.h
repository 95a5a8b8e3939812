// `llkd`: samples of which the teacher is confident and the student is not (arXiv 2411.08028). The paper's
// equations were not available; this is a reconstruction on FreeMatch's self-adaptive thresholds (arXiv
// 2205.07246), and every choice in it is a setting.
//
// Per sample i: teacher's confidence c_i, student's uncertainty u_i, pseudo-label ŷ_i. For either signal s,
// from the whole candidate batch, before the mask of the same step:
//
//   global     g(t)    = λ g(t−1)    + (1 − λ) · mean of s over the batch           (or `quantile` of it)
//   by class   m(t, y) = λ m(t−1, y) + (1 − λ) · mean of s over the batch's ŷ = y   (unchanged when there is
//                                                                                   none)
//   threshold  τ(t, y) = clip(a · f(y) · g(t) · m(t, y) / max_k m(t, k))            (without class scaling:
//                                                                                   clip(a · f(y) · g(t)))
//   keep_i = [c_i ≥ τᶜ(ŷ_i)] ∧ [u_i ≥ τᵘ(ŷ_i)], with the tolerance of atLeast
//
// λ is 0.99 when none is set. f(y) are the factors that can be set class by class, 1 where none is.
//
// What the formulas leave open, and what is done here:
//
// * Start of the confidence statistics: with warm_start the same statistics of the whole population (global
//   its mean or quantile, each class its mean), else 1/K everywhere. Without a population as for the
//   uncertainty.
// * Start of the uncertainty statistics: those of the first batch. The averages move from that very batch on,
//   which leaves them where they started.
// * A class that does not occur where statistics start begins at the mean of all. (Not at their quantile: a
//   high quantile would be the largest class mean, and lower the thresholds of all classes that do occur.)
// * max_k is over the classes that the teacher gives at all: one that never occurs would keep its start value
//   for ever and hold the others' thresholds down. If every m is 0, the ratio is 1.
// * λ, the scales a and all other schedules are taken at the batch's place in the run (Batch::place).
// * A scale of 0 turns its threshold off: that signal refuses nothing and `thresholds` is empty on its side.
//   The statistics go on as long as the signal is there, so that turning it on again finds them current.
// * Clipping comes last, after scale and factors.
// * An empty batch changes nothing.
// * The student is scored when its threshold is on at any time of the run, or the weights look at u.
//
// The ablations: a scale of 0 (a threshold off), class_scaling off (global only), weight: uniform (weights
// off), and
//
// * fixed_thresholds: the numbers given stand in the place of g · m / max m: τ(y) = clip(a · f(y) · number);
// * fixed_ratio: exactly ⌈ρB⌉ of each batch, those with the largest c·u, ties broken by a hash of seed, epoch
//   and sample. A signal whose scale is 0 is left out of the product. Then no threshold decides, and
//   `thresholds` is empty.
//
// In both the statistics go on.
#pragma once

#include "core/selection/class_factors.h"
#include "core/selection/moving_statistics.h"
#include "core/selection/top_share.h"

namespace stillroom {

class Llkd final : public RuleBase {
  public:
    Llkd(const SelectionSettings& settings, const Population& population);

    [[nodiscard]] bool needsScores() const override;
    void observe(const Batch& batch, Decision& decision) override;
    void adjust(const SelectionSettings& settings) override;

    [[nodiscard]] const MovingStatistics& confidence() const { return confidence_; }
    [[nodiscard]] const MovingStatistics& uncertainty() const { return uncertainty_; }

  private:
    void addState(RuleState& state) const override;
    Result<void> restoreOwn(const RuleState& state) override;
    void updateThresholds(const RunPlace& place, bool scored);
    /// Of one signal; empty when its scale is not above 0.
    void thresholdsOf(const MovingStatistics& statistics, double scale, const Schedule* fixed,
                      const FactorsByClass& factors, const RunPlace& place, std::vector<double>& out) const;
    void keepAboveThresholds(const Batch& batch, Decision& decision) const;
    void keepShare(const Batch& batch, Decision& decision);

    MovingStatistics confidence_;
    MovingStatistics uncertainty_;
    FactorsByClass teacherFactors_;
    FactorsByClass studentFactors_;
    TopShare share_;
};

} // namespace stillroom
