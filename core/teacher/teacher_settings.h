// The `teacher:` section of an experiment.
#pragma once

#include "core/base/pooling.h"
#include "core/teacher/calibration_settings.h"
#include "core/teacher/llm_settings.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace stillroom {

enum class TeacherKind {
    Columns,   ///< columns of the training files
    File,      ///< a file of its own, joined by id or by row
    Simulated, ///< made from gold (core/teacher/simulator.h)
    Gold,      ///< the gold labels themselves, confidence 1: the upper bound
    ZeroShot,  ///< an encoder's vectors of the texts against those of a sentence per class
    Llm,       ///< an LLM's stored answers (core/teacher/labelling.h)
};

struct TeacherSettings {
    TeacherKind kind = TeacherKind::Columns;

    // columns and file
    std::string label; ///< column with the class name
    std::string
        confidence; ///< column with its confidence, 0 to 1; empty: every label counts with confidence 1
    std::string
        probabilities; ///< instead of label and confidence: the prefix of one column per class ("p_" + class
                       ///< name), or the name of a column that holds a JSON object (class → probability; a
                       ///< class left out has 0) or array (in the order of data.classes)
    // file
    std::string file;      ///< path, relative to the data root
    std::string format;    ///< as in SplitSettings
    std::string delimiter; ///< as in SplitSettings
    std::string quoting;   ///< as in SplitSettings
    std::string id;        ///< column that joins; empty: by row, in the order of the training rows

    // simulated
    double accuracy = 0.75;      ///< share of rows on which it is right, 1/K to 1
    double overconfidence = 0.0; ///< −1 (too modest) … 0 (calibrated) … 1 (too sure)
    double confusion = 0.5; ///< 0: errors anywhere; 1: each class errs only into a few neighbours, and some
                            ///< classes much more often than others
    std::int64_t seed = 1;

    // zero_shot: q = softmax(scale · cos(vector of the text, vector of the class's sentence))
    std::string model; ///< as student.model: a Hugging Face folder, or a name in the user's cache
    std::string sentence = "This text is about {}."; ///< of a class without one of its own; {}: its name,
                                                     ///< underscores as spaces
    std::vector<std::pair<std::string, std::string>> sentences; ///< class → sentence
    double scale = 20;         ///< what the cosines are multiplied by; more is surer
    std::int64_t length = 128; ///< tokens of a text at most
    Pooling pooling = Pooling::Mean;

    LlmSettings llm; ///< llm; in YAML its keys stand among the teacher's own, its model in teacher.model
    CalibrationSettings calibration;

    friend bool operator==(const TeacherSettings&, const TeacherSettings&) = default;
};

} // namespace stillroom
