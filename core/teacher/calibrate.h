// A teacher's confidences corrected by what is known of a labelled share of its rows.
#pragma once

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/teacher/calibration.h"
#include "core/teacher/calibration_fit.h"
#include "core/teacher/calibration_settings.h"
#include "core/teacher/teacher_outputs.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

/// What is to be known of a calibration. Plain data.
struct TeacherCalibration {
    CalibrationFit fit;
    std::int64_t fittedOn = 0; ///< rows
    /// Over the training rows with gold and an answer that it was not fitted on, and over no others.
    TeacherQuality before, after;
};

struct CalibratedTeacher {
    TeacherOutputs outputs; ///< of all rows, corrected
    TeacherCalibration facts;
    std::vector<std::uint32_t> fittedOn; ///< the dataset's rows, ascending
};

/// Share more than 0 and less than 1, bins 1 to 10,000, seed not negative. Nothing is wrong with kind None.
Result<void> checkCalibration(const CalibrationSettings& settings);

/// Fits on the share of the training rows with gold and an answer that a hash of seed and row puts first, and
/// corrects every row that has an answer, those of other splits too. The rows that it was fitted on are
/// corrected like the others and stay in training: their gold has told what a confidence is worth, not what
/// class they are of.
///
/// The label of a row never changes, and the label of a row with a vector keeps the largest probability in
/// it.
/// * Temperature keeps the order of the classes by itself.
/// * Histogram and isotonic: the corrected confidence goes to the label, and what is left is shared by the
///   other classes as it was before (evenly where the confidence was 1). Where one of them would then be
///   above the label, what is left is levelled: mixed with an even share, just so far that none is. A
///   confidence below 1/K, with which no label can be the largest of K, is raised to 1/K. So the confidence
///   is what the fit says of it wherever it can be, whatever the other classes were, and keeps its order.
/// * Of a label without a vector the confidence alone is corrected, also to below 1/K: that a label is right
///   less often than a guess is worth knowing, and `distribution` fills in what is left.
///
/// `settings.kind` is not None. Errors: settings out of range; too few labelled rows to fit on (fewer than
/// 20), none left to measure on. Any thread; takes about a second for a million rows.
Result<CalibratedTeacher> calibrateTeacher(const Dataset& dataset, const TeacherOutputs& teacher,
                                           const CalibrationSettings& settings);

/// For a run's messages: what was fitted, on how many rows, and the errors before and after.
[[nodiscard]] std::string calibrationSentence(const TeacherCalibration& calibration);

} // namespace stillroom
