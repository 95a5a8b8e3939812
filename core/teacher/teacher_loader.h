// From the `data:` and `teacher:` sections to examples and what the teacher said of them.
#pragma once

#include "core/data/loader.h"
#include "core/teacher/teacher_outputs.h"
#include "core/teacher/teacher_settings.h"

namespace stillroom {

struct LoadedExamples {
    Dataset dataset;
    TeacherOutputs teacher; ///< by the dataset's row numbers
    LoadReport report;
    std::int64_t untaught = 0; ///< training texts without a teacher row: shown, and left out of training
};

/// Teacher columns are read in the same pass as the texts.
/// Errors: those of loadData; no such column; label not a class; confidence not a number, NaN, below 0 or
/// above 1; probabilities that are negative, not finite or do not sum to 1 within 1e-3; a teacher row without
/// a text; no text with a teacher row at all; gold or simulated without gold. Bad rows follow `badRows`.
Result<LoadedExamples> loadExamples(const DataSettings& data, const TeacherSettings& teacher,
                                    const LoadContext& context);

} // namespace stillroom
