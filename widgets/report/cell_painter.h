// A grid of numbers as darkness, in a few shades, each one path: thousands of cells stay a small vector
// picture. Private to widgets/report.
#pragma once

#include "core/output/report_figure.h"

#include <QPainter>

namespace stillroom {

/// What the scale right of the cells takes, its numbers included.
[[nodiscard]] double cellScaleWidth(const FigureCells& cells);
/// Into `inside`, and the scale to the right of it.
void paintCells(QPainter& painter, const FigureCells& cells, const QRectF& inside);

} // namespace stillroom
