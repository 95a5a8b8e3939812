// What `select` has found out, and how people read it. The JSON of it is in json_output.h.
#pragma once

#include "core/lab/what_if.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace stillroom::cli {

struct SelectionReport {
    std::string experiment; ///< its name
    RuleKind rule = RuleKind::Llkd;
    std::vector<std::string> classes;

    std::string run;        ///< path; empty: the teacher's side alone
    std::int64_t epoch = 0; ///< of the run's snapshot
    bool complete = true;   ///< that epoch was

    std::string note; ///< what one has to know to read the numbers; may be empty
    WhatIfResult counts;
    Thresholds thresholds; ///< by which they were counted; empty sides: none

    /// Settings that were tried ("selection.clip=[0, 0.8]"); empty: none, and nothing enters or leaves.
    std::vector<std::string> tried;
    /// What was decided of each sample: by training in that epoch, or by a rule that has no thresholds.
    std::optional<std::array<std::int64_t, VerdictCount>> verdicts;
};

/// A summary and a table, to stdout.
void printSelection(const SelectionReport& report);

} // namespace stillroom::cli
