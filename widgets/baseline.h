// The thresholds that a question "what if" starts from, and the settings that they were made with: those of a
// run as it stands, those at the end of an epoch, or those that a run would begin with.
#pragma once

#include "core/lab/sample_table.h"
#include "core/selection/rule.h"

#include <string>
#include <vector>

namespace stillroom {

enum class ThresholdSide { Teacher, Student };

/// Plain data; K classes.
struct Baseline {
    Thresholds thresholds;
    SelectionSettings settings; ///< that they were made with
    RunPlace place;             ///< where in the run they were made
    bool atStart = false;       ///< as a run would begin

    [[nodiscard]] const std::vector<double>& of(ThresholdSide side) const {
        return side == ThresholdSide::Teacher ? thresholds.teacher : thresholds.student;
    }
    friend bool operator==(const Baseline& a, const Baseline& b) {
        return a.atStart == b.atStart && a.thresholds.teacher == b.thresholds.teacher &&
               a.thresholds.student == b.thresholds.student &&
               a.thresholds.studentConfidence == b.thresholds.studentConfidence && a.settings == b.settings;
    }
};

/// llkd's scale of all classes.
[[nodiscard]] double scaleOf(const SelectionSettings& settings, ThresholdSide side, const RunPlace& place);
/// Class `name`'s own factor, on top of that or of a cut.
[[nodiscard]] double factorOf(const SelectionSettings& settings, ThresholdSide side, const std::string& name,
                              const RunPlace& place);
/// The number that is the side's threshold: of the rules `teacher` and `student` with a cut. Null for all
/// others.
[[nodiscard]] const Schedule* cutSetting(const SelectionSettings& settings, ThresholdSide side);
/// llkd's bounds, the upper one in force where they cross; of cuts there are none.
[[nodiscard]] double clipped(double threshold, const SelectionSettings& settings, const RunPlace& place);

/// As the thresholds would stand with other settings of the same rule: τ is proportional to its scales before
/// it is clipped (core/selection/llkd.h), a cut is itself. A side that was off, or is off now, is empty.
[[nodiscard]] Baseline rescaled(const Baseline& made, const SelectionSettings& now,
                                const std::vector<std::string>& classes);

/// As a run with these settings would begin: what the rule itself says before its first batch, and cuts. A
/// pass over the samples: not for the GUI thread.
[[nodiscard]] Baseline startOf(const SelectionSettings& settings, std::int64_t seed,
                               const SampleTable& table);

} // namespace stillroom
