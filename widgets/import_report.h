// What the import wizard tells of the data before they are taken: read as the experiment will read them.
#pragma once

#include "core/base/progress.h"
#include "core/data/data_profile.h"
#include "core/data/load_report.h"
#include "core/experiment/experiment.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

struct ImportReport {
    DataProfile profile;
    LoadReport report;
    std::vector<std::string> classes;
    std::int64_t untaught = 0; ///< training texts without a teacher's label, where the files have a teacher

    /// A text that stands in more than one split, as a table shows it.
    struct Shared {
        std::string text;                            ///< its beginning
        std::array<std::int64_t, SplitCount> rows{}; ///< in each split
        std::string ids;                             ///< "train 12, test 7"
        std::string gold;                            ///< "joy", "joy, anger" where it differs
    };
    std::vector<Shared> shared;
};

/// Reads everything, bad rows left out and counted, and profiles it. `taught`: what the teacher's columns say
/// is read too. Errors: those of loadData and loadExamples. Takes as long as reading the files does.
Result<ImportReport> makeImportReport(const Experiment& experiment, bool taught, Progress& progress);

} // namespace stillroom
