#include "core/experiment/curve_band.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace stillroom {

namespace {

/// Where all are.
std::vector<double> commonGrid(std::span<const CurveLine> curves, int points) {
    double first = -std::numeric_limits<double>::infinity(), last = -first;
    bool same = true;
    for (const auto& curve : curves) {
        if (curve.x.empty())
            return {};
        first = std::max(first, curve.x.front());
        last = std::min(last, curve.x.back());
        same = same && curve.x == curves.front().x;
    }
    if (same)
        return curves.front().x;
    std::vector<double> grid;
    if (first > last)
        return grid;
    if (first == last)
        return {first};
    for (int i = 0; i < points; ++i)
        grid.push_back(i + 1 == points ? last : first + (last - first) * i / std::max(1, points - 1));
    return grid;
}

/// `at` lies within the curve; `next` is the first point that is not left of it, and only grows.
double valueAt(const CurveLine& curve, double at, std::size_t& next) {
    while (next + 1 < curve.x.size() && curve.x[next] < at)
        ++next;
    if (next == 0 || curve.x[next] <= at || curve.x[next] == curve.x[next - 1])
        return curve.y[next];
    const double share = (at - curve.x[next - 1]) / (curve.x[next] - curve.x[next - 1]);
    return curve.y[next - 1] + share * (curve.y[next] - curve.y[next - 1]);
}

} // namespace

CurveBand bandOf(std::span<const CurveLine> curves, BandKind kind, int points) {
    CurveBand band;
    if (curves.size() < 2)
        return band;
    band.x = commonGrid(curves, std::max(2, points));
    std::vector<std::size_t> next(curves.size(), 0);
    std::vector<double> values(curves.size());
    const auto count = static_cast<double>(curves.size());
    for (const double x : band.x) {
        double sum = 0;
        for (std::size_t i = 0; i < curves.size(); ++i)
            sum += values[i] = valueAt(curves[i], x, next[i]);
        const double mean = sum / count;
        double squares = 0;
        for (const double value : values)
            squares += (value - mean) * (value - mean);
        const double deviation = std::sqrt(squares / (count - 1));
        const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
        band.mean.push_back(mean);
        band.low.push_back(kind == BandKind::Deviation ? mean - deviation : *lowest);
        band.high.push_back(kind == BandKind::Deviation ? mean + deviation : *highest);
    }
    return band;
}

} // namespace stillroom
