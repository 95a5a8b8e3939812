// The page that goes with an exported student: README.md, as model cards are written (Mitchell et al., arXiv
// 1810.03993; the front matter is Hugging Face's).
#pragma once

#include "core/engine/student_export.h"
#include "core/experiment/run_folder.h"
#include "core/experiment/run_summary.h"
#include "core/output/measure_student.h"

#include <optional>
#include <string>

namespace stillroom {

struct ModelCard {
    ExportFormat format = ExportFormat::TorchScript;
    ExportWeights weights = ExportWeights::Full;
    StudentExported exported;
    std::string facts;              ///< the JSON of ExportFactsFile
    std::string licence;            ///< in the user's words; empty: none was stated
    const StoredRun* run = nullptr; ///< null: only the student's file is known; both of one run
    const RunSummary* summary = nullptr;
    std::optional<StudentMeasure> before,
        after; ///< of the student and of the export, where they were measured
};

/// Of the templates in resources/export. Errors: one of them is missing, or names what there is not.
Result<std::string> writeModelCard(const ModelCard& card);

} // namespace stillroom
