// What the thresholds of a stored run would be under other settings, where that follows from what the run
// recorded: its thresholds, not the statistics behind them.
#pragma once

#include "core/base/result.h"
#include "core/selection/rule.h"

#include <span>
#include <string>

namespace stillroom {

/// True when thresholds on the teacher's confidence and the student's uncertainty decide what is kept: llkd
/// without a fixed ratio, teacher and student with a cut. Then a WhatIf (what_if.h) is what the rule does.
[[nodiscard]] bool decidesByThresholds(const SelectionSettings& settings);

/// `recorded`: the thresholds after the batch at `place` of a run with the settings `was`. Returns those that
/// the same statistics give with the settings `tried`:
///
///   llkd             teacher_scale, student_scale, their class scales, clip: τ = clip(a·f·x), so that
///                    x = τ/(a·f), and clip'(a'·f'·x) is asked for. A threshold that the clip has cut leaves
///                    x open; it is accepted where every x gives the same. class_scaling off: x of all
///                    classes is the largest x. fixed_thresholds: nothing of the run is needed.
///   teacher, student cut and class scales: nothing of the run is needed.
///
/// `classes` are the names of the K classes. Errors (one sentence, of the kind Usage): settings that shape
/// statistics from the first step on (decay, warm_start, statistic, uncertainty, class_scaling on), a
/// threshold that was off, one that the clip cut, another rule, settings that do not decide what is kept, and
/// settings with which thresholds do not decide.
Result<Thresholds> triedThresholds(const Thresholds& recorded, const SelectionSettings& was,
                                   const SelectionSettings& tried, std::span<const std::string> classes,
                                   const RunPlace& place);

} // namespace stillroom
