// The answers of an LLM for other programs.
#pragma once

#include "core/data/dataset.h"
#include "core/teacher/teacher_settings.h"

#include <cstdint>
#include <string>

namespace stillroom {

/// Writes a CSV (RFC 4180) of the training texts that have an answer in the store: id, label, confidence and
/// one column p_<class> for each class, which is what teacher: {kind: file, id: id, probabilities: "p_"}
/// reads. Cells that a spreadsheet would run as a formula begin with an apostrophe. The file is whole or not
/// there. Gives the number of rows. Errors: those of storedAnswers, of writing.
Result<std::int64_t> writeAnswersCsv(const LlmSettings& settings, const std::string& folder,
                                     const Dataset& data, const std::string& path);

/// `text` as a cell of such a file.
[[nodiscard]] std::string csvCell(std::string_view text);

} // namespace stillroom
