// The names above a figure, each with a sample of how it is drawn. Private to widgets/report.
#pragma once

#include "core/output/report_figure.h"

#include <QPainter>
#include <QPointF>
#include <QPolygonF>
#include <vector>

namespace stillroom {

/// How the things of one name are drawn.
struct LegendEntry {
    enum class Kind { Line, Points, Bars, Mark, Faint, Diagonal };
    QString name;
    Kind kind = Kind::Line;
    int style = 0;
};

/// Over all panels, each name once.
[[nodiscard]] std::vector<LegendEntry> legendOf(const ReportFigure& figure);
/// 0 without entries.
[[nodiscard]] double legendHeight(const std::vector<LegendEntry>& entries);
void paintLegend(QPainter& painter, const std::vector<LegendEntry>& entries);

[[nodiscard]] QPen diagonalPen();
/// The pen of a series, and its marker at a place.
[[nodiscard]] QPen seriesPen(int style, double width);
void paintMarker(QPainter& painter, int style, const QPointF& at, double size);

} // namespace stillroom
