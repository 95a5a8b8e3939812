// Where the runs of a sweep stand, and what they have come to: the rows of its table.
#pragma once

#include "core/experiment/run_summary.h"
#include "core/experiment/sweep_folder.h"

#include <optional>
#include <vector>

namespace stillroom {

struct SweepRow {
    SweepTask task;
    SweepStatus status;
    bool cancelRequested = false; ///< and not answered yet
    std::optional<RunSummary>
        summary; ///< of its run; nothing before there is one, or where it cannot be read

    /// Of its steps, [0, 1]; 1 when it is completed.
    [[nodiscard]] double shareDone() const;
    /// Of test where there is one, else of validation; null: neither.
    [[nodiscard]] const Score* score() const;
    /// Between its last beginning and its end, or now; 0 before, and where it was cut off.
    [[nodiscard]] double seconds() const;
};

/// By task. Of `before`, rows of the same folder that were read earlier, those that were over are kept and
/// not read again. A few milliseconds a run; any thread but the GUI's. Errors: a damaged file of the sweep.
Result<std::vector<SweepRow>> sweepRows(const SweepFolder& folder, std::vector<SweepRow> before = {});

struct SweepCounts {
    int waiting = 0, running = 0, cutOff = 0, completed = 0, failed = 0, cancelled = 0;
    [[nodiscard]] int over() const { return completed + failed + cancelled; }
    [[nodiscard]] int all() const { return waiting + running + cutOff + over(); }
};
[[nodiscard]] SweepCounts countStates(const std::vector<SweepRow>& rows);

/// How long the rest will take where `workers` are at it; nothing before a run is completed or half done.
[[nodiscard]] std::optional<double> secondsLeft(const std::vector<SweepRow>& rows, int workers);

} // namespace stillroom
