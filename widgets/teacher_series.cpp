#include "widgets/teacher_series.h"

namespace stillroom {
namespace {

class WholeMarkers : public QCPGraph {
  public:
    using QCPGraph::QCPGraph;

  protected:
    QRect clipRect() const override {
        const int room = scaled(6);
        return QCPGraph::clipRect().adjusted(-room, -room, room, room);
    }
};

} // namespace

QCPGraph* addTeacherCurve(QCustomPlot* canvas) {
    return new WholeMarkers(canvas->xAxis, canvas->yAxis);
}

QColor seriesColour(TeacherSeries::Role role, const Theme& colours) {
    switch (role) {
    case TeacherSeries::Role::Before:
        return colours.muted;
    case TeacherSeries::Role::Other:
        return colours.orange;
    case TeacherSeries::Role::Now:
        break;
    }
    return colours.kept;
}

QPen seriesPen(TeacherSeries::Role role, const Theme& colours) {
    QPen pen(seriesColour(role, colours), scaled(role == TeacherSeries::Role::Now ? 2.0 : 1.5));
    if (role == TeacherSeries::Role::Before)
        pen.setStyle(Qt::DashLine);
    else if (role == TeacherSeries::Role::Other)
        pen.setStyle(Qt::DashDotLine);
    return pen;
}

QCPScatterStyle seriesMarker(TeacherSeries::Role role, const Theme& colours) {
    const QColor colour = seriesColour(role, colours);
    switch (role) {
    case TeacherSeries::Role::Before:
        return {QCPScatterStyle::ssSquare, QPen(colour, scaled(1.5)), QBrush(colours.surface), scaled(6.0)};
    case TeacherSeries::Role::Other:
        return {QCPScatterStyle::ssTriangle, QPen(colour, scaled(1.0)), QBrush(colour), scaled(8.0)};
    case TeacherSeries::Role::Now:
        break;
    }
    return {QCPScatterStyle::ssDisc, QPen(colour, scaled(1.0)), QBrush(colour), scaled(7.0)};
}

} // namespace stillroom
