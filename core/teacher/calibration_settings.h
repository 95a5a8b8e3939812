// The `teacher.calibration…` settings: how a teacher's confidences are corrected before anybody uses them.
#pragma once

#include <cstdint>
#include <string_view>

namespace stillroom {

enum class CalibrationKind {
    None,
    Temperature, ///< one number for all: q^(1/T), scaled to sum to 1 (Guo et al., arXiv 1706.04599)
    Histogram,   ///< confidence → accuracy of its bin (Zadrozny and Elkan 2001)
    Isotonic,    ///< confidence → the nearest non-decreasing accuracy (Zadrozny and Elkan 2002)
};
/// As in YAML: "none", "temperature", …
[[nodiscard]] std::string_view calibrationName(CalibrationKind kind);

/// It is fitted on a labelled share of the training rows, chosen by a hash of the seed and the row; what is
/// said of the teacher afterwards is measured on the others. Validation and test rows never take part.
/// Ranges: checkCalibration (calibrate.h).
struct CalibrationSettings {
    CalibrationKind kind = CalibrationKind::None;
    double share = 0.1;     ///< of the training rows with gold and an answer, more than 0 and less than 1
    std::int64_t bins = 15; ///< of the histogram, of equal mass; 1 to 10,000
    std::int64_t seed = 1;

    friend bool operator==(const CalibrationSettings&, const CalibrationSettings&) = default;
};

} // namespace stillroom
