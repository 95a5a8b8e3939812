#include "widgets/report/axis_ticks.h"

#include <QRegularExpression>
#include <algorithm>
#include <cmath>

namespace stillroom {

namespace {

constexpr double Room = 0.04;

/// The next larger of 1, 2, 5 times a power of ten.
double roundStep(double step) {
    const double power = std::pow(10, std::floor(std::log10(step)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= step * (1 - 1e-9))
            return factor * power;
    return 10 * power;
}

/// "12,000", "0.25", "-3"
QString written(double value, int decimals) {
    QString text = QString::number(std::fabs(value), 'f', decimals);
    const auto point = text.indexOf(u'.');
    for (auto at = (point < 0 ? text.size() : point) - 3; at > 0; at -= 3)
        text.insert(at, u',');
    return value < 0 && text.contains(QRegularExpression(QStringLiteral("[1-9]"))) ? u'\u2212' + text : text;
}

} // namespace

AxisRange rangeOf(double lowest, double highest, double givenLow, double givenHigh) {
    AxisRange range{lowest, highest};
    if (!(std::isfinite(lowest) && std::isfinite(highest)) || lowest > highest)
        range = {0, 1};
    if (range.high - range.low < 1e-12 * std::max(1.0, std::fabs(range.high))) {
        const double around = range.high == 0 ? 1 : 0.1 * std::fabs(range.high);
        range = {range.low - around, range.high + around};
    }
    const double room = Room * (range.high - range.low);
    range.low = std::isfinite(givenLow) ? givenLow : range.low - room;
    range.high = std::isfinite(givenHigh) ? givenHigh : range.high + room;
    if (range.high <= range.low)
        range.high = range.low + 1;
    return range;
}

std::vector<AxisTick> ticksOf(const AxisRange& range, int wanted) {
    const double step = roundStep((range.high - range.low) / std::max(1, wanted));
    const int decimals = std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 9);
    std::vector<AxisTick> ticks;
    const double slack = 1e-6 * step;
    for (double number = std::ceil((range.low - slack) / step); number * step <= range.high + slack; ++number)
        ticks.push_back({number * step, written(number * step, decimals)});
    return ticks;
}

} // namespace stillroom
