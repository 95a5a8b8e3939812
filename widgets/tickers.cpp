#include "widgets/tickers.h"

#include "widgets/text.h"

#include <algorithm>
#include <cmath>

namespace stillroom {

QString GroupedTicker::getTickLabel(double tick, const QLocale&, QChar, int) {
    // Fewer than one a step: the axis is over a handful of steps.
    if (std::abs(tick - std::round(tick)) > 1e-6)
        return {};
    return grouped(std::llround(tick));
}

double PercentTicker::getTickStep(const QCPRange& range) {
    const double step = QCPAxisTicker::getTickStep(range);
    // As many as the step needs: 2.5 % steps are not 3 % steps.
    double scaled = step * 100;
    for (decimals_ = 0; decimals_ < 3 && std::abs(scaled - std::round(scaled)) > 1e-6; ++decimals_)
        scaled *= 10;
    return step;
}

QString PercentTicker::getTickLabel(double tick, const QLocale&, QChar, int) {
    return percent(std::abs(tick) < 1e-9 ? 0 : tick, decimals_);
}

double QuartersTicker::getTickStep(const QCPRange& range) {
    if (whole_ > 0 && whole_ % 4 == 0 && std::abs(range.upper - static_cast<double>(whole_)) < 1)
        return static_cast<double>(whole_) / 4;
    return std::max(1.0, QCPAxisTicker::getTickStep(range));
}

QVector<double> LogTicker::createTickVector(double, const QCPRange& range) {
    QVector<double> ticks;
    for (double decade = std::pow(10, std::floor(std::log10(std::max(1.0, range.lower))));
         decade <= range.upper; decade *= 10)
        for (const double mantissa : {1.0, 2.0, 5.0})
            if (const double tick = decade * mantissa; tick >= range.lower && tick <= range.upper)
                ticks << tick;
    while (ticks.size() > tickCount() + 2) {
        QVector<double> fewer;
        for (qsizetype i = ticks.size() % 2 == 0 ? 1 : 0; i < ticks.size(); i += 2)
            fewer << ticks[i];
        ticks = fewer;
    }
    return ticks;
}

QString LogTicker::getTickLabel(double tick, const QLocale&, QChar, int) {
    return grouped(std::llround(tick));
}

double niceCeiling(double value) {
    if (!(value > 0))
        return 1;
    const double decade = std::pow(10, std::floor(std::log10(value)));
    for (const double mantissa : {1.0, 2.0, 5.0})
        if (decade * mantissa >= value)
            return decade * mantissa;
    return decade * 10;
}

} // namespace stillroom
