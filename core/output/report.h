// A report of runs that stands alone: report.html, one file that asks for nothing else, and report.pdf with
// the same content. What it says is in resources/report; what it shows is drawn by widgets/report, which is
// loaded when it is first needed.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <string>
#include <vector>

namespace stillroom {

struct ReportRequest {
    std::vector<std::string> runs; ///< folders; of several with a comparison
    std::string out;               ///< folder; empty: output/report of the first run
    std::string dataRoot;          ///< where the data are; empty: where they were when the run was made
    bool texts = true;             ///< false: no text of a sample, and nothing that names one
    /// Data below `dataRoot` that cannot be read, or are not those of the run, are an error; else the report
    /// says so and does without.
    bool dataNeeded = false;
};

struct WrittenReport {
    std::string folder, html, pdf; ///< paths
    std::int64_t figures = 0, tables = 0;
    std::string noData; ///< why the data could not be read; empty: they were
};

/// Needs an application object that draws (core/output/report_drawer.h). Whole or not at all; an earlier
/// report in the same place is replaced, anything else there is not. Errors: a run that cannot be read,
/// templates that are wrong, disk, Cancelled. Seconds; any thread, not the GUI's.
Result<WrittenReport> writeReport(const ReportRequest& request, Progress& progress);

} // namespace stillroom
