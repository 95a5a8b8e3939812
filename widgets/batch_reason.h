// Why a sample of a batch was used or not, in one short sentence with the numbers that decided it.
#pragma once

#include "core/engine/events.h"

#include <QString>
#include <optional>

namespace stillroom {

/// What a sample had to reach; none: the rule has no such threshold, or the student was not asked.
struct SampleBars {
    std::optional<double> teacher; ///< its confidence at least: of the pseudo-label's class
    std::optional<double> student; ///< its uncertainty at least: of the pseudo-label's class
    std::optional<double>
        studentConfidence; ///< the student's largest probability at least: of its own label's
};

/// The thresholds that judged it: those that `batch` left, for rules judge with what they have just updated.
[[nodiscard]] SampleBars barsOf(const BatchEvent& batch, const BatchEvent::Sample& sample);

/// The same in figures alone, for a line of a table: "0.92 ≥ 0.81 · doubt 0.63 ≥ 0.40". Empty where no figure
/// decided.
[[nodiscard]] QString verdictFigures(const BatchEvent& batch, const BatchEvent::Sample& sample);

/// "The teacher is sure (0.92, bar 0.81) and the student is not (0.63, bar 0.40)." `gold` −1: unknown.
[[nodiscard]] QString verdictReason(const BatchEvent& batch, const BatchEvent::Sample& sample,
                                    const std::vector<std::string>& classes, int gold);

} // namespace stillroom
