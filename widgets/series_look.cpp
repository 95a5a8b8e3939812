#include "widgets/series_look.h"

#include <QList>
#include <array>

namespace stillroom {
namespace {

constexpr int Colours = 8;

/// In widths of the line; empty: solid.
const std::array<QList<qreal>, 8>& dashes() {
    static const std::array<QList<qreal>, 8> all = {{{},
                                                     {5, 2.5},
                                                     {1.3, 1.7},
                                                     {7, 2, 1.3, 2},
                                                     {10, 3},
                                                     {7, 2, 1.3, 2, 1.3, 2},
                                                     {2.6, 2.6},
                                                     {12, 2, 3, 2}}};
    return all;
}

constexpr std::array<QCPScatterStyle::ScatterShape, 8> Shapes = {
    QCPScatterStyle::ssDisc,    QCPScatterStyle::ssSquare, QCPScatterStyle::ssTriangle,
    QCPScatterStyle::ssDiamond, QCPScatterStyle::ssCross,  QCPScatterStyle::ssTriangleInverted,
    QCPScatterStyle::ssPlus,    QCPScatterStyle::ssCircle};

std::size_t dashOf(int number) {
    return static_cast<std::size_t>(number % Colours);
}

std::size_t shapeOf(int number) {
    return static_cast<std::size_t>((number + number / Colours) % Colours);
}

} // namespace

QPen seriesLine(int number, const Theme& colours, double width) {
    QPen pen(colours.series(number), width);
    if (const auto& dash = dashes()[dashOf(number)]; !dash.isEmpty()) {
        pen.setDashPattern(dash);
        pen.setCapStyle(Qt::FlatCap);
    }
    return pen;
}

QCPScatterStyle seriesMark(int number, const Theme& colours, double size) {
    const auto shape = Shapes[shapeOf(number)];
    const QColor colour = colours.series(number);
    const bool open = shape == QCPScatterStyle::ssCircle;
    return {shape,
            QPen(colour,
                 scaled(open || shape == QCPScatterStyle::ssCross || shape == QCPScatterStyle::ssPlus ? 1.6
                                                                                                      : 1.0)),
            open ? QBrush(colours.surface) : QBrush(colour), size};
}

} // namespace stillroom
