// A run as a curve: one of its numbers against what it cost, read from run.sqlite in at most so many buckets,
// however long the run was.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

enum class CurveValue {
    Accuracy,     ///< on validation, one point an evaluation, [0, 1]
    MacroF1,      ///< the same
    Loss,         ///< the same: mean cross-entropy against gold, natural log
    TrainingLoss, ///< mean over the kept, one point a step; steps that kept nothing have none
    KeptShare     ///< of the candidates of a step, [0, 1]
};

enum class CurveAxis {
    Steps,    ///< candidate batches done
    Epochs,   ///< of the run's samples
    Seconds,  ///< trained so far, without evaluations
    Gradient, ///< samples in backward passes so far
    Distinct  ///< different samples in them so far
};

/// Neighbouring points of a curve, merged.
struct CurveBucket {
    double x = 0; ///< of the middle one
    double mean = 0, low = 0, high = 0;
    std::int32_t count = 0; ///< points, at least 1
    bool lowFirst = false;  ///< the lowest came before the highest
};

struct RunCurve {
    std::vector<CurveBucket> buckets; ///< x ascending
    std::int64_t points = 0;          ///< that were merged
};

inline constexpr int MostBuckets = 1000; ///< two points each are drawn: the lowest and the highest

/// Of a run that may be going on. Between the moments at which seconds, gradient and distinct samples were
/// counted (several times a second) they are taken to have grown evenly. Empty: the run has no such numbers,
/// or the axis is epochs and training has not begun. About 2 ms for 10,000 steps; any thread, not the GUI's.
/// Errors: those of summarizeRun; Cancelled.
Result<RunCurve> readRunCurve(const std::string& runFolder, CurveValue value, CurveAxis axis,
                              const Progress& progress, int mostBuckets = MostBuckets);

} // namespace stillroom
