// What came of a sweep: a table for people, one object for programs.
#pragma once

#include "core/experiment/run_summary.h"
#include "core/experiment/sweep_folder.h"

#include <QJsonObject>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stillroom::cli {

struct SweepRow {
    const SweepTask* task = nullptr;
    SweepStatus status;
    std::optional<RunSummary> summary; ///< of its run; nothing before there is one
};

struct SweepReport {
    std::vector<SweepRow> rows; ///< by task
    std::map<SweepStatus::State, int> states;

    [[nodiscard]] int count(SweepStatus::State state) const;
};

/// The folder outlives it. Errors: a damaged file of the sweep; a run that cannot be read has no summary.
Result<SweepReport> reportOf(const SweepFolder& folder);

/// Of each task where it stands, and its scores; `words` of a scheduler by task, if there are any.
void printStates(const SweepReport& report, const std::map<int, std::string>& words);
/// Means and standard deviations over seeds of what is completed, and what is not, to stdout.
void printResults(const SweepFolder& folder, const SweepReport& report);
[[nodiscard]] QJsonObject sweepJson(const SweepFolder& folder, const SweepReport& report);

/// 0 when all are completed; that of bad input when that is all that went wrong; else that of failed
/// training.
[[nodiscard]] int exitCodeOf(const SweepReport& report);

} // namespace stillroom::cli
