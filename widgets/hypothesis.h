// Thresholds as one supposes them: factors on those that there are, for all classes together or for single
// ones. Plain data; what it amounts to in settings is said here too, so that what was tried can be applied.
#pragma once

#include "widgets/baseline.h"
#include "widgets/experiment_document.h"

#include <array>
#include <map>

namespace stillroom {

struct Hypothesis {
    static constexpr int AllClasses = -1;

    std::array<double, 2> together = {1, 1};                ///< by ThresholdSide
    std::array<std::map<std::size_t, double>, 2> ofClass{}; ///< on top of it

    [[nodiscard]] bool any() const;
    [[nodiscard]] double factor(ThresholdSide side, std::size_t label) const;
    /// For one class, or AllClasses.
    void set(ThresholdSide side, int label, double factor);
    friend bool operator==(const Hypothesis&, const Hypothesis&) = default;
};

/// Whether a side's thresholds can be dragged, and when not, why and what to do: one sentence.
struct Handle {
    bool together = false;
    bool byClass = false;
    QString why;
};
[[nodiscard]] Handle handleOf(ThresholdSide side, const Baseline& baseline);
/// Whether thresholds on the plane decide what this rule keeps; when not, why: one sentence.
[[nodiscard]] QString whyNoThresholds(const Baseline& baseline);

[[nodiscard]] Thresholds supposed(const Hypothesis& hypothesis, const Baseline& baseline);

/// The settings that make it true, on top of those of `baseline`. Empty when nothing is supposed.
[[nodiscard]] QList<SettingChange> changesFor(const Hypothesis& hypothesis, const Baseline& baseline,
                                              const std::vector<std::string>& classes);
/// "teacher scale 1.12", "student scale of caution_and_advice 0.9": what `changesFor` does, for people.
[[nodiscard]] QString describe(const Hypothesis& hypothesis, const Baseline& baseline,
                               const std::vector<std::string>& classes);

} // namespace stillroom
