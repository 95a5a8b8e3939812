// Factors on thresholds by class: selection.teacher_class_scales and selection.student_class_scales.
#pragma once

#include "core/selection/rule.h"

#include <span>
#include <string>
#include <vector>

namespace stillroom {

/// The factors of named classes, by class number. Names that are no class are left out (checkClassNames,
/// rule.h, is who complains).
class FactorsByClass {
  public:
    FactorsByClass() = default;
    FactorsByClass(const ClassFactors& named, std::span<const std::string> classes);

    /// Multiplies each threshold (K of them, or none) by its class's factor.
    void apply(const RunPlace& place, std::vector<double>& thresholds) const;

    /// One cut, by class: min(1, cut · factor) of `classes` classes.
    void cut(double cut, const RunPlace& place, std::size_t classes, std::vector<double>& thresholds) const;

  private:
    struct Named {
        std::size_t label;
        Schedule factor;
    };
    std::vector<Named> named_;
};

} // namespace stillroom
