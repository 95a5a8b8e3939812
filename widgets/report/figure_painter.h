// Draws a report's figure with any painter: axes with their units, a legend above, series that are told apart
// by colour, dash and marker. In units of a quarter point (paper.h).
#pragma once

#include "core/output/report_figure.h"

#include <QPainter>

namespace stillroom {

/// How high it is, its legend included, at paper::FigureWidth.
[[nodiscard]] double figureHeight(const ReportFigure& figure);

/// Into (0, 0) … (paper::FigureWidth, figureHeight). Never draws outside, for not every paint device clips.
/// Any thread that may paint.
void paintFigure(QPainter& painter, const ReportFigure& figure);

} // namespace stillroom
