// The `selection:` section of an experiment.
#pragma once

#include "core/base/schedule.h"

#include <cstdint>
#include <optional>

namespace stillroom {

enum class RuleKind { All, Random, Teacher, Oracle, Llkd };
enum class Uncertainty { Entropy, LeastConfidence, Margin, Disagreement };
enum class Weighting { Uniform, Product, Sum };

struct SelectionSettings {
    RuleKind rule = RuleKind::Llkd;

    // llkd (core/selection/llkd.h has the formulas)
    Schedule decay = 0.99;          ///< λ, in [0, 1)
    bool warmStart = true;          ///< confidence statistics start from the whole teacher, else at 1/K
    std::optional<double> quantile; ///< the global statistic is this quantile of the batch; none: the mean
    double clipLow = 0.0;           ///< thresholds are clipped to [clipLow, clipHigh]
    double clipHigh = 1.0;
    Uncertainty uncertainty = Uncertainty::Entropy;
    bool classScaling = true;
    Schedule teacherScale = 1.0; ///< a of τᶜ; 0 turns the teacher's threshold off
    Schedule studentScale = 1.0; ///< a of τᵘ; 0 turns the student's threshold off

    // teacher: one of the two; random: ratio
    std::optional<Schedule> cut;   ///< confidence at or above it
    std::optional<Schedule> ratio; ///< a share of the rows, in (0, 1]
    bool resample = true;          ///< random: other rows every epoch; false: one fixed subset

    // weights of the kept, rescaled to mean 1
    Weighting weight = Weighting::Uniform;
    double alpha = 1.0; ///< product: c^α·u^β; sum: α·c + β·u
    double beta = 1.0;

    friend bool operator==(const SelectionSettings&, const SelectionSettings&) = default;
};

} // namespace stillroom
