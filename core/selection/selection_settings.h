// The `selection:` section of an experiment.
#pragma once

#include "core/base/schedule.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace stillroom {

/// From the simplest on, llkd last. The numbers are in no file.
enum class RuleKind {
    All,
    Random,
    Teacher,
    Student,
    FixMatch,
    FlexMatch,
    FreeMatch,
    SoftMatch,
    SmallLoss,
    Oracle,
    Llkd
};
inline constexpr int RuleCount = 11;
enum class Uncertainty { Entropy, LeastConfidence, Margin, Disagreement };
enum class Weighting { Uniform, Product, Sum };

/// One threshold for each signal, where llkd's would move.
struct FixedThresholds {
    Schedule teacher; ///< confidence at least, in [0, 1]
    Schedule student; ///< uncertainty at least, in [0, 1]

    friend bool operator==(const FixedThresholds&, const FixedThresholds&) = default;
};

/// By name of a class: a factor, 0 or more, on that class's threshold; 1 for a class that is not named.
using ClassFactors = std::map<std::string, Schedule>;

/// Which rules look at what stands behind each setting; the others leave it alone.
struct SelectionSettings {
    RuleKind rule = RuleKind::Llkd;

    // what moving thresholds are made of (core/selection/llkd.h has llkd's formulas)
    /// λ, in [0, 1). llkd, freematch, softmatch. Not set: the rule's own (`decayOf`).
    std::optional<Schedule> decay;
    bool warmStart = true; ///< llkd: confidence statistics start from the whole teacher, else at 1/K
    std::optional<Schedule> quantile; ///< llkd, freematch: the global statistic is this quantile of the
                                      ///< batch; none: the mean
    Schedule clipLow = 0.0;  ///< llkd: thresholds stay in [clipLow, clipHigh]; freematch: its τ does.
    Schedule clipHigh = 1.0; ///< Where schedules cross, the upper one is in force
    Uncertainty uncertainty = Uncertainty::Entropy;
    bool classScaling = true;        ///< llkd, flexmatch, freematch: a threshold of its own for each class
    Schedule teacherScale = 1.0;     ///< llkd: a of τᶜ; 0 turns the teacher's threshold off
    Schedule studentScale = 1.0;     ///< llkd: a of τᵘ; freematch: a of its τ; 0 turns the threshold off
    ClassFactors teacherClassScales; ///< llkd's τᶜ before clipping; teacher's cut
    ClassFactors studentClassScales; ///< llkd's τᵘ before clipping; student's cut

    // llkd without what moves, to see what it is worth: at most one of the two
    std::optional<FixedThresholds> fixedThresholds; ///< in the place of g · m(y) / max m
    std::optional<Schedule> fixedRatio;             ///< exactly this share of each batch, the largest c·u

    /// teacher: confidence; student: uncertainty; fixmatch, flexmatch: the student's largest probability, at
    /// or above it. Not set: 0.95 for fixmatch and flexmatch (`cutOf`).
    std::optional<Schedule> cut;
    /// random and teacher: a share of the rows; student and small_loss: of each batch. In (0, 1]; at least
    /// one sample, also where a warm-up begins at 0. teacher and student take either a cut or a ratio.
    std::optional<Schedule> ratio;
    bool resample = true; ///< random: other rows every epoch; false: one fixed subset

    // weights of the kept, rescaled to mean 1
    Weighting weight = Weighting::Uniform;
    Schedule alpha = 1.0; ///< product: c^α·u^β; sum: α·c + β·u
    Schedule beta = 1.0;
    bool softWeights = true; ///< softmatch: times its truncated Gaussian; false: without

    friend bool operator==(const SelectionSettings&, const SelectionSettings&) = default;
};

/// λ as set, else the rule's own: 0.99 for llkd, its peers' 0.999 for freematch and softmatch.
[[nodiscard]] Schedule decayOf(const SelectionSettings& settings);
/// The cut as set, else 0.95. Of fixmatch and flexmatch.
[[nodiscard]] Schedule cutOf(const SelectionSettings& settings);
/// The same settings with what the rule takes of itself written out: what a run records. For rules that do
/// not look at a setting it stays as it is.
[[nodiscard]] SelectionSettings resolved(SelectionSettings settings);

} // namespace stillroom
