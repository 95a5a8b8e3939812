// A teacher's confidences corrected by what is known of a labelled share of its rows.
#pragma once

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/teacher/calibration.h"
#include "core/teacher/calibration_settings.h"
#include "core/teacher/teacher_outputs.h"

#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

/// Confidence → corrected confidence. Plain data; any thread may read.
struct CalibrationFit {
    CalibrationKind kind = CalibrationKind::None;
    double temperature = 1; ///< temperature alone
    /// Histogram: upper edges of the bins and the accuracy of each (edges ascending, the last is 1).
    /// Isotonic: confidences and what they become, ascending in both; between two of them a straight line,
    /// beyond the first and last their value.
    std::vector<double> from, to;

    [[nodiscard]] double corrected(double confidence, int classCount) const;
};

/// `confidence` and `right` of the same length, at least one row; `weight` is 1 for each.
[[nodiscard]] CalibrationFit fitHistogram(std::span<const double> confidence,
                                          std::span<const std::uint8_t> right, std::int64_t bins);
[[nodiscard]] CalibrationFit fitIsotonic(std::span<const double> confidence,
                                         std::span<const std::uint8_t> right);
/// The T > 0 that makes the mean of −log q_gold smallest over `rows`.
[[nodiscard]] CalibrationFit fitTemperature(const Dataset& dataset, const TeacherOutputs& teacher,
                                            std::span<const std::uint32_t> rows);

struct CalibratedTeacher {
    TeacherOutputs outputs; ///< of all rows, corrected
    CalibrationFit fit;
    std::vector<std::uint32_t> fittedOn;
    TeacherQuality before,
        after; ///< over the training rows with gold and an answer that it was not fitted on
};

/// The label of a row never changes: where a correction would put it below another class, the vector is
/// levelled so that the label keeps the largest probability. Errors: too few labelled rows to fit on (fewer
/// than 20), none left to measure on; settings out of range. Any thread; takes about a second for a million
/// rows.
Result<CalibratedTeacher> calibrateTeacher(const Dataset& dataset, const TeacherOutputs& teacher,
                                           const CalibrationSettings& settings);

} // namespace stillroom
