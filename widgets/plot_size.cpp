#include "widgets/plot_size.h"

#include "widgets/theme.h"

#include <QCoreApplication>
#include <algorithm>

namespace stillroom {
namespace {

constexpr double Inch = 25.4;                      // millimetres
constexpr double ScreenDots = 96;                  // an inch, as CSS has it
constexpr int LeastWidth = 480, LeastHeight = 300; // of a plot that was never seen

} // namespace

PlotPaper plotPaper(PlotSize size, const QSize& seen) {
    switch (size) {
    case PlotSize::Column:
        return {85, 62, 240, 7.5, 300};
    case PlotSize::Page:
        return {170, 100, 240, 8.5, 300};
    case PlotSize::Slide: // 13⅓ by 7½ inches, the wide format of slide programs: 3840 by 2160 dots
        return {Inch * 40 / 3, Inch * 7.5, Inch * 7.5, 16, 288};
    case PlotSize::Seen:
        break;
    }
    const double pixel = Inch / ScreenDots;
    const double width = std::max(LeastWidth, seen.width()) * pixel;
    const double height = std::max(LeastHeight, seen.height()) * pixel;
    const DeskScale desk;
    return {width, height, std::max(height, 1000 * pixel),
            textFont(TextSize::Note).pixelSize() * 72 / ScreenDots, 2 * ScreenDots};
}

QString plotSizeName(PlotSize size) {
    switch (size) {
    case PlotSize::Column:
        return QCoreApplication::translate("stillroom::PlotSize", "paper column, 85 mm");
    case PlotSize::Page:
        return QCoreApplication::translate("stillroom::PlotSize", "page, 170 mm");
    case PlotSize::Slide:
        return QCoreApplication::translate("stillroom::PlotSize", "slide, 16 : 9");
    case PlotSize::Seen:
        break;
    }
    return QCoreApplication::translate("stillroom::PlotSize", "as seen");
}

QString plotSizeKey(PlotSize size) {
    switch (size) {
    case PlotSize::Column:
        return QStringLiteral("column");
    case PlotSize::Page:
        return QStringLiteral("page");
    case PlotSize::Slide:
        return QStringLiteral("slide");
    case PlotSize::Seen:
        break;
    }
    return QStringLiteral("seen");
}

PlotSize plotSizeOf(const QString& key) {
    for (const PlotSize size : PlotSizes)
        if (plotSizeKey(size) == key)
            return size;
    return PlotSize::Seen;
}

} // namespace stillroom
