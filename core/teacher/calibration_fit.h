// How a teacher's confidence becomes another one, and how that is learned from labelled rows: by temperature,
// by histogram binning, by isotonic regression. Everything in double.
#pragma once

#include "core/data/dataset.h"
#include "core/teacher/calibration_settings.h"
#include "core/teacher/teacher_outputs.h"

#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

/// Confidence → corrected confidence. Plain data; any thread may read.
struct CalibrationFit {
    CalibrationKind kind = CalibrationKind::None;
    double temperature = 1; ///< temperature alone; 0.01 to 100
    /// Histogram: upper edges of the bins and the accuracy of each (edges ascending, the last is 1); an edge
    /// belongs to the bin below it. Isotonic: confidences and what they become, ascending in both; between
    /// two of them a straight line, beyond the first and last their value.
    std::vector<double> from, to;

    /// Of a confidence without a vector: temperature takes the other classes as equally probable, the other
    /// two do not ask for them. 0 to 1; for temperature and isotonic never less for a greater confidence.
    [[nodiscard]] double corrected(double confidence, int classCount) const;
};

/// Bins of equal mass, no confidence in two of them: a teacher that states eight different ones has ties
/// longer than a bin. A tie goes whole where its middle falls when the rows, in order, are cut into `bins`
/// equal parts; a bin of fewer than ten rows is then joined to the next one, the last to the one before. An
/// edge lies in the middle between the confidences on its two sides, so that one that was never seen goes
/// where the nearer of them went. Zadrozny and Elkan, "Obtaining calibrated probability estimates from
/// decision trees and naive Bayesian classifiers", ICML 2001. `confidence` (0 to 1) and `right` (0 or 1) are
/// of the same length, at least one row; bins > 0.
[[nodiscard]] CalibrationFit fitHistogram(std::span<const double> confidence,
                                          std::span<const std::uint8_t> right, std::int64_t bins);

/// The non-decreasing function with the least squares, by pooling adjacent violators; rows of the same
/// confidence are one point with their mean and their number as its weight. Of a stretch of equal values only
/// both ends are kept. Zadrozny and Elkan, "Transforming classifier scores into accurate multiclass
/// probability estimates", KDD 2002. Arguments as for fitHistogram.
[[nodiscard]] CalibrationFit fitIsotonic(std::span<const double> confidence,
                                         std::span<const std::uint8_t> right);

/// The temperature T that makes the mean of −log q′_gold smallest over `rows`, q′ ∝ q^(1/T) (Guo et al., "On
/// calibration of modern neural networks", arXiv 1706.04599), q floored at 1e-12, filled in where there are
/// no vectors. The mean is convex in 1/T; where it has its minimum beyond 0.01 or 100 (all rows right, or a
/// teacher worse than none) the bound is taken, and 1 where no T is better than another. `rows` have gold and
/// an answer.
[[nodiscard]] CalibrationFit fitTemperature(const Dataset& dataset, const TeacherOutputs& teacher,
                                            std::span<const std::uint32_t> rows);

/// q^(1/T), floored as above and scaled to sum to 1.
void temper(std::span<float> q, double temperature);
/// The same of a confidence alone, the other classes taken as equally probable.
[[nodiscard]] double tempered(double confidence, int classCount, double temperature);

} // namespace stillroom
