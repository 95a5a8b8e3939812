// A student's labels for files of any size, written as they come, in the order of the file and in constant
// memory.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/output/prediction_input.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

enum class PredictionFormat { Csv, Jsonl };

struct PredictionSettings {
    PredictionFormat format = PredictionFormat::Csv;
    bool probabilities = true; ///< p_<class> of every class beside label and confidence
    BadRowPolicy badRows = BadRowPolicy::Stop;
    int threads = 0; ///< 0: all cores
};

struct PredictionReport {
    std::int64_t texts = 0;
    BadRows badRows; ///< left out
    std::int64_t invalidUtf8 = 0;
    std::vector<std::int64_t> byClass; ///< texts of each label
    int threads = 0;
    double seconds = 0;
};

/// Takes what is written, a piece at a time, in order; one call at a time, from any thread.
using PredictionSink = std::function<Result<void>(std::string_view)>;

/// Writes a line for each text: its id, the label, the label's probability and, unless they are left out,
/// that of each class. CSV as RFC 4180 with a header line, ids and classes as they are (such a file is
/// what teacher: {kind: file, probabilities: "p_"} reads; it has no apostrophes against formulas); JSONL as
/// one flat object a line. Nothing is written before the first stretch of texts is labelled. Probabilities
/// are the shortest text that reads back as the same float. A column of ids that has the name of one of ours
/// is called "id".
///
/// `progress` counts bytes of the source; cancelled: ErrorKind::Cancelled, and what was written stays.
/// Any thread. Errors: those of PredictionInput, of the student (also that its probabilities are no numbers),
/// of the sink.
Result<PredictionReport> predictRecords(const Student& student, const PredictionSource& source,
                                        const PredictionSettings& settings, const PredictionSink& sink,
                                        Progress& progress);

/// The same into a file that is whole or not there. Errors: also the file with the texts as `out`, disk.
Result<PredictionReport> predictToFile(const Student& student, const PredictionSource& source,
                                       const PredictionSettings& settings, const std::string& out,
                                       Progress& progress);

/// By the ending of a file to be written: .jsonl and .ndjson, large or small, else CSV.
[[nodiscard]] PredictionFormat predictionFormatOf(const std::string& path);

/// A student's file and what is known of the texts that it was trained on.
struct ChosenStudent {
    std::string path;                     ///< its .safetensors
    std::vector<std::string> textColumns; ///< of the training files; empty: not known
    bool unescapeHtml = false;
};
/// `path`: a run's folder, whose best student it is, or a student's .safetensors. Errors: no such file; a
/// folder that is no run's, or holds no student yet.
Result<ChosenStudent> chooseStudent(const std::string& path);

} // namespace stillroom
