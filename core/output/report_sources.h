// What a report is made from: the runs, their comparison, and of one run everything, with its data where they
// can be read. Private to core/output.
#pragma once

#include "core/base/progress.h"
#include "core/experiment/comparison.h"
#include "core/experiment/prepare.h"
#include "core/experiment/run_folder.h"
#include "core/experiment/run_summary.h"
#include "core/experiment/setting_difference.h"
#include "core/lab/sample_table.h"
#include "core/lab/snapshot_file.h"
#include "core/output/report.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stillroom {

/// Stays where it was made: the comparison points into `runs`.
struct ReportSources {
    ReportSources() = default;
    ReportSources(const ReportSources&) = delete;
    ReportSources& operator=(const ReportSources&) = delete;

    std::vector<RunSummary> runs;         ///< as given, each once
    std::vector<SeedGroup> groups;        ///< of them; their numbers are the figures' styles
    std::vector<Experiment> experiments;  ///< of each run, as recorded
    std::vector<bool> diverged;           ///< each run: its last loss is not finite
    std::optional<Comparison> comparison; ///< none: no run was completed
    std::string notCompared;              ///< then why

    std::size_t detail = 0; ///< the run that is looked into
    StoredRun run;          ///< it
    std::string key;        ///< what its figures' names begin with: "run.0"

    std::shared_ptr<const Prepared> prepared;               ///< its data; null: they cannot be read
    std::unique_ptr<SampleTable> table;                     ///< its training samples; null likewise
    std::string noData;                                     ///< then why
    std::vector<std::shared_ptr<const Snapshot>> snapshots; ///< of its epochs, ascending; only with a table

    [[nodiscard]] bool several() const { return runs.size() > 1; }
    [[nodiscard]] const RunSummary& summary() const { return runs[detail]; }
    /// What the group of a run is called, and its number.
    [[nodiscard]] std::size_t groupOf(std::size_t run) const;
    [[nodiscard]] std::size_t groupOf(const RunSummary* run) const;
};

/// Errors: no run; one that cannot be read; Cancelled. Data that cannot be read are no error.
Result<std::unique_ptr<ReportSources>> readReportSources(const ReportRequest& request, Progress& progress);

} // namespace stillroom
