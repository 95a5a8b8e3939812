// A noisy curve's course: its exponential mean.
#pragma once

#include "core/experiment/run_curves.h"

#include <vector>

namespace stillroom {

/// What TensorBoard draws: m ← s·m + (1 − s)·y over the points y, shown as m / (1 − sⁿ) after n of them, so
/// that the beginning is not drawn towards 0 (Kingma and Ba, arXiv 1412.6980, section 3). A bucket of k
/// points counts as k times its mean, so that the course does not hang on how many points were merged. One
/// number a bucket. `smoothing` in [0, 1): 0 gives the means themselves. It is capped at 1 − 1/points: a
/// window of 1/(1 − s) points that is longer than the curve would say nothing of its end.
[[nodiscard]] std::vector<double> smoothed(const RunCurve& curve, double smoothing);

/// The one that is used of a curve of so many points.
[[nodiscard]] double cappedSmoothing(double smoothing, std::int64_t points);

} // namespace stillroom
