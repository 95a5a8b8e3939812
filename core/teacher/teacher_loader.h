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

/// A zero-shot teacher's outputs come back empty, for zeroShotTeacher (core/experiment) to fill. Of an LLM
/// the stored answers are read and nobody is asked; where there are none at all that is an error. Teacher
/// columns are read in the same pass as the texts. Rows that are held out of the training files for
/// validation or test keep what the teacher said of them; only training texts are simulated or taught by
/// gold. With badRows skip, a row whose confidence or probabilities are bad is left out of the dataset when
/// they stand beside the text; a label that is no class (known only at the end) and a bad row in the
/// teacher's own file leave the text in the dataset without an answer. All of them are in the report. Errors:
/// those of loadData; no such column; label not a class; confidence not a number, NaN, below 0 or above 1;
/// probabilities that are negative, not finite or do not sum to 1 within 1e-3; a teacher row without a text;
/// no text with a teacher row at all; gold or simulated without gold. Bad rows follow `badRows`. A row whose
/// label (or every probability) is empty is no bad row: the teacher gave no answer, and the text is
/// `untaught`.
Result<LoadedExamples> loadExamples(const DataSettings& data, const TeacherSettings& teacher,
                                    const LoadContext& context);

} // namespace stillroom
