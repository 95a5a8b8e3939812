#include "core/experiment/curve_band.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace stillroom {

namespace {

bool onTheSamePoints(std::span<const CurveLine> curves) {
    return std::all_of(curves.begin(), curves.end(),
                       [&](const CurveLine& curve) { return curve.x == curves.front().x; });
}

/// Where all are.
std::vector<double> commonGrid(std::span<const CurveLine> curves, int points) {
    double first = -std::numeric_limits<double>::infinity(), last = -first;
    for (const auto& curve : curves) {
        if (curve.x.empty())
            return {};
        first = std::max(first, curve.x.front());
        last = std::min(last, curve.x.back());
    }
    std::vector<double> grid;
    if (first > last)
        return grid;
    if (first == last)
        return {first};
    for (int i = 0; i < points; ++i)
        grid.push_back(i + 1 == points ? last : first + (last - first) * i / std::max(1, points - 1));
    return grid;
}

/// `at` lies within the curve; `now` is the last point that is not right of it, and only grows: where x
/// stands still, the curve is where it came to.
double valueAt(const CurveLine& curve, double at, std::size_t& now) {
    while (now + 1 < curve.x.size() && curve.x[now + 1] <= at)
        ++now;
    if (now + 1 == curve.x.size() || curve.x[now] == at)
        return curve.y[now];
    const double share = (at - curve.x[now]) / (curve.x[now + 1] - curve.x[now]);
    return curve.y[now] + share * (curve.y[now + 1] - curve.y[now]);
}

} // namespace

CurveBand bandOf(std::span<const CurveLine> curves, BandKind kind, int points) {
    CurveBand band;
    if (curves.size() < 2)
        return band;
    const bool same = onTheSamePoints(curves);
    band.x = same ? curves.front().x : commonGrid(curves, std::max(2, points));
    std::vector<std::size_t> now(curves.size(), 0);
    std::vector<double> values(curves.size());
    const auto count = static_cast<double>(curves.size());
    for (std::size_t point = 0; point < band.x.size(); ++point) {
        double sum = 0;
        for (std::size_t i = 0; i < curves.size(); ++i)
            sum += values[i] = same ? curves[i].y[point] : valueAt(curves[i], band.x[point], now[i]);
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
