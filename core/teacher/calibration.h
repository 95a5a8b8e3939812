// How far a teacher's confidence can be trusted, measured against gold.
#pragma once

#include "core/data/dataset.h"
#include "core/teacher/teacher_outputs.h"

#include <vector>

namespace stillroom {

/// All over the rows of one split that have both gold and a teacher row.
struct TeacherQuality {
    struct Bin {
        double low = 0, high = 0;
        std::int64_t rows = 0;
        double confidence = 0; ///< mean
        double accuracy = 0;
    };
    std::int64_t rows = 0;
    double accuracy = 0;
    double macroF1 = 0;
    double meanConfidence = 0;
    /// Expected calibration error: Σ bins (n/N)·|accuracy − confidence|, 15 bins
    /// (Guo et al., arXiv 1706.04599); equal mass puts equally many rows into each bin.
    double eceEqualWidth = 0;
    double eceEqualMass = 0;
    double brier = 0; ///< mean Σ_k (q_k − [gold = k])², 0 to 2 (Brier 1950)
    double nll = 0;   ///< mean −log q_gold, natural log, q floored at 1e-12
    std::vector<Bin> bins; ///< the 15 equal-width ones
    /// By class: rows by gold, rows by teacher label, precision of the teacher label.
    std::vector<std::int64_t> goldCount, labelCount;
    std::vector<double> precision, recall;
};

/// rows == 0 when there is no gold to measure against.
[[nodiscard]] TeacherQuality measureTeacher(const Dataset& dataset, const TeacherOutputs& teacher, Split split);

} // namespace stillroom
