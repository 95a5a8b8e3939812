// What a rule decided, counted by class: for rules of which no what-if can be made, and for what training
// did.
#pragma once

#include "core/lab/what_if.h"

#include <array>
#include <cstdint>
#include <span>

namespace stillroom {

/// As a what-if counts, by the verdicts of `traces` (N). Refused by the teacher are TeacherUnsure and
/// BothRefuse, by the student StudentSure, StudentUnsure and BothRefuse; NotInShare is the teacher's refusal
/// under the rule `teacher` and the student's under `student`. Other verdicts are refusals of nobody; nothing
/// enters or leaves. Unseen samples are neither kept nor refused.
[[nodiscard]] WhatIfResult countVerdicts(const SampleTable& table, std::span<const SampleTrace> traces,
                                         RuleKind rule);

/// How many samples have each verdict.
[[nodiscard]] std::array<std::int64_t, VerdictCount> verdictTotals(std::span<const SampleTrace> traces);

} // namespace stillroom
