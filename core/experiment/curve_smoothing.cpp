#include "core/experiment/curve_smoothing.h"

#include <algorithm>
#include <cmath>

namespace stillroom {

double cappedSmoothing(double smoothing, std::int64_t points) {
    const double most = 1 - 1 / static_cast<double>(std::max<std::int64_t>(1, points));
    return std::clamp(smoothing, 0.0, most);
}

std::vector<double> smoothed(const RunCurve& curve, double smoothing) {
    const double s = cappedSmoothing(smoothing, curve.points);
    std::vector<double> course;
    course.reserve(curve.buckets.size());
    double mean = 0;
    double rest = 1; // sⁿ: the weight of what was before the first point
    double decay = s;
    std::int32_t count = 1; // that `decay` is of: most buckets hold equally many
    for (const auto& bucket : curve.buckets) {
        if (bucket.count != count) {
            count = bucket.count;
            decay = std::pow(s, count);
        }
        mean = decay * mean + (1 - decay) * bucket.mean;
        rest *= decay;
        course.push_back(mean / (1 - rest));
    }
    return course;
}

} // namespace stillroom
