#include "widgets/report/cell_painter.h"

#include "widgets/report/axis_ticks.h"
#include "widgets/report/paper.h"

#include <QFontMetricsF>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace stillroom {

namespace {

constexpr int Shades = 9;
constexpr double ScaleGap = 22, ScaleWidth = 26, TextGap = 8, RightMargin = 6;

QFont scaleFont() {
    return paper::font(paper::Face::Sans, 27);
}

double largestOf(const FigureCells& cells) {
    return cells.values.empty() ? 0 : *std::max_element(cells.values.begin(), cells.values.end());
}

/// From nearly white to nearly black, by blue.
QColor shade(int number) {
    const double share = (number + 1.0) / Shades;
    const auto between = [&](double from, double to) {
        return static_cast<int>(std::lround(from + (to - from) * share));
    };
    return {between(0xec, 0x04), between(0xf3, 0x2c), between(0xf9, 0x57)};
}

/// -1: white.
int shadeOf(double value, double largest, bool logarithmic) {
    if (value <= 0 || largest <= 0)
        return -1;
    const double share = logarithmic ? std::log1p(value) / std::log1p(largest) : value / largest;
    return std::clamp(static_cast<int>(share * Shades), 0, Shades - 1);
}

/// The value at which a share of the scale stands.
double valueAt(double share, double largest, bool logarithmic) {
    return logarithmic ? std::expm1(share * std::log1p(largest)) : share * largest;
}

std::vector<std::pair<double, QString>> scaleMarks(const FigureCells& cells) {
    const double largest = largestOf(cells);
    std::vector<std::pair<double, QString>> marks;
    if (largest <= 0)
        return marks;
    const auto text = [](double value) {
        return value >= 10'000 ? QStringLiteral("%1k").arg(std::lround(value / 1000))
                               : QString::number(std::lround(value));
    };
    for (int i = 0; i <= 3; ++i) {
        const double share = i / 3.0, value = std::round(valueAt(share, largest, cells.logarithmic));
        if (marks.empty() || text(value) != marks.back().second)
            marks.emplace_back(share, text(value));
    }
    return marks;
}

/// The cells of one shade and of the darker ones, neighbours in a row as one rectangle.
QPainterPath pathOf(const FigureCells& cells, const std::vector<int>& shades, int least,
                    const QRectF& inside) {
    QPainterPath path;
    const double width = inside.width() / cells.columns, height = inside.height() / cells.rows;
    for (int row = 0; row < cells.rows; ++row)
        for (int column = 0; column < cells.columns; ++column) {
            const auto isIn = [&](int at) {
                return at < cells.columns &&
                       shades[static_cast<std::size_t>(row * cells.columns + at)] >= least;
            };
            if (!isIn(column))
                continue;
            const int begin = column;
            while (isIn(column + 1))
                ++column;
            path.addRect(QRectF(inside.left() + begin * width, inside.bottom() - (row + 1) * height,
                                (column + 1 - begin) * width, height));
        }
    return path;
}

} // namespace

double cellScaleWidth(const FigureCells& cells) {
    const QFontMetricsF metrics(scaleFont());
    double widest = metrics.height();
    for (const auto& mark : scaleMarks(cells))
        widest = std::max(widest, metrics.horizontalAdvance(mark.second));
    return ScaleGap + ScaleWidth + TextGap + widest + metrics.height() + RightMargin;
}

void paintCells(QPainter& painter, const FigureCells& cells, const QRectF& inside) {
    if (cells.columns <= 0 || cells.rows <= 0 ||
        cells.values.size() != static_cast<std::size_t>(cells.columns) * static_cast<std::size_t>(cells.rows))
        return;
    const double largest = largestOf(cells);
    std::vector<int> shades;
    shades.reserve(cells.values.size());
    for (const double value : cells.values)
        shades.push_back(shadeOf(value, largest, cells.logarithmic));
    painter.setPen(Qt::NoPen);
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (int i = 0; i < Shades; ++i)
        if (const auto path = pathOf(cells, shades, i, inside); !path.isEmpty())
            painter.fillPath(path, shade(i));
    painter.setRenderHint(QPainter::Antialiasing);

    const QFont font = scaleFont();
    const QFontMetricsF metrics(font);
    const QRectF scale(inside.right() + ScaleGap, inside.top(), ScaleWidth, inside.height());
    for (int i = 0; i < Shades; ++i)
        painter.fillRect(QRectF(scale.left(), scale.bottom() - scale.height() * (i + 1) / Shades,
                                scale.width(), scale.height() / Shades + 0.5),
                         shade(i));
    painter.setFont(font);
    painter.setPen(paper::Ink);
    double widest = 0;
    for (const auto& [share, text] : scaleMarks(cells)) {
        const double y = std::clamp(scale.bottom() - share * scale.height() + metrics.capHeight() / 2,
                                    scale.top() + metrics.capHeight(), scale.bottom());
        painter.drawText(QPointF(scale.right() + TextGap, y), text);
        widest = std::max(widest, metrics.horizontalAdvance(text));
    }
    const QString unit = QString::fromStdString(cells.unit);
    painter.save();
    painter.translate(scale.right() + TextGap + widest + metrics.ascent(),
                      scale.center().y() + metrics.horizontalAdvance(unit) / 2);
    painter.rotate(-90);
    painter.drawText(QPointF(0, 0), unit);
    painter.restore();
}

} // namespace stillroom
