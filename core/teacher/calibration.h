// How far a teacher's confidence can be trusted, measured against gold.
#pragma once

#include "core/data/dataset.h"
#include "core/teacher/teacher_outputs.h"

#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

/// All over those of the rows that have both gold and a teacher row. macroF1 is the mean over the classes
/// that occur in gold or in the teacher's labels, as in core/engine/metrics.h. Where the teacher gave no
/// vectors, brier and nll are of the filled-in ones.
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
    /// (Guo et al., arXiv 1706.04599). Equal width: bin m holds confidences in ((m − 1)/15, m/15], 0 goes to
    /// the first; 1e-6 beside an edge counts as on it, for a float's 0.8 is a little more than 0.8. Equal
    /// mass puts equally many rows into each bin: bin m holds ranks ⌊(m − 1)N/15⌋ to ⌊mN/15⌋ by confidence. A
    /// teacher that states eight different confidences has most bin edges inside a tie; each row of a tie
    /// then counts with the tie's accuracy, so that the order of the rows in the files does not matter.
    double eceEqualWidth = 0;
    double eceEqualMass = 0;
    double brier = 0;      ///< mean Σ_k (q_k − [gold = k])², 0 to 2 (Brier 1950)
    double nll = 0;        ///< mean −log q_gold, natural log, q floored at 1e-12
    std::vector<Bin> bins; ///< the 15 equal-width ones; an empty one has confidence and accuracy 0
    /// The 15 of equal mass; low and high are the least and greatest confidence in them, and the accuracy is
    /// that of the ties they hold. With fewer rows than bins some are empty: all 0.
    std::vector<Bin> massBins;
    /// By class: rows by gold, rows by teacher label; precision and recall of the teacher's label, 0 where
    /// there is nothing to divide by.
    std::vector<std::int64_t> goldCount, labelCount;
    std::vector<double> precision, recall;
    /// K×K rows by gold (the row) and teacher's label (the column), row by row. Empty with more than 1,000
    /// classes, where a column of ids was taken for one of classes.
    std::vector<std::int64_t> confusion;
};

/// rows == 0, and vectors of the usual lengths, when there is no gold to measure against. Any thread; about
/// 0.1 s for a million rows without vectors.
[[nodiscard]] TeacherQuality measureTeacher(const Dataset& dataset, const TeacherOutputs& teacher,
                                            std::span<const std::uint32_t> rows);
/// Over the rows of a split.
[[nodiscard]] TeacherQuality measureTeacher(const Dataset& dataset, const TeacherOutputs& teacher,
                                            Split split);

} // namespace stillroom
