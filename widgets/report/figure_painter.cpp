#include "widgets/report/figure_painter.h"

#include "widgets/report/axis_ticks.h"
#include "widgets/report/cell_painter.h"
#include "widgets/report/figure_legend.h"
#include "widgets/report/paper.h"

#include <QFontMetricsF>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace stillroom {

namespace {

constexpr double PanelGap = 72, TitleHeight = 46, TickLength = 12, TextGap = 12;
constexpr double TickText = 31, LabelText = 33;
constexpr double LineWidth = 5, MarkerSize = 21, PointSize = 28;
constexpr int MarkersOfLine = 7; ///< with fewer points each has one

QString text(const std::string& bytes) {
    return QString::fromStdString(bytes);
}

struct Extent {
    double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
    void take(double value) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    void take(const std::vector<double>& values) {
        for (const double value : values)
            take(value);
    }
};

class PanelPainter {
  public:
    PanelPainter(QPainter& painter, const FigurePanel& panel, const QRectF& place)
        : painter_(painter), panel_(panel), tickFont_(paper::font(paper::Face::Sans, TickText)),
          labelFont_(paper::font(paper::Face::Sans, LabelText)) {
        findRanges();
        layOut(place);
    }

    void paint() {
        paintTitle();
        for (const auto& cells : panel_.cells)
            paintCells(painter_, cells, inside_);
        paintAxes();
        if (panel_.diagonal) {
            painter_.setPen(diagonalPen());
            const double from = std::max(x_.low, y_.low), to = std::min(x_.high, y_.high);
            painter_.drawLine(map(from, from), map(to, to));
        }
        for (const auto& mark : panel_.marks)
            paintMark(mark);
        for (const auto& series : panel_.series)
            if (series.mark == FigureSeries::Mark::Line)
                paintBand(series);
        int lines = 0;
        for (const auto& series : panel_.series)
            if (series.mark == FigureSeries::Mark::Line)
                paintLine(series, lines++);
            else if (series.mark == FigureSeries::Mark::Bars)
                paintBars(series);
        for (const auto& series : panel_.series)
            if (series.mark == FigureSeries::Mark::Points)
                paintPoints(series);
    }

  private:
    void findRanges() {
        Extent x, y;
        for (const auto& series : panel_.series) {
            x.take(series.x);
            y.take(series.y);
            y.take(series.low);
            y.take(series.high);
        }
        x_ = rangeOf(x.low, x.high, panel_.x.low, panel_.x.high);
        y_ = rangeOf(y.low, y.high, panel_.y.low, panel_.y.high);
    }

    /// The inner rectangle follows from how wide the numbers at the left are.
    void layOut(const QRectF& place) {
        place_ = place;
        const QFontMetricsF ticks(tickFont_), label(labelFont_);
        const double bottom = TickLength + TextGap + ticks.height() + label.height();
        const double top = panel_.title.empty() ? 14 : TitleHeight;
        inside_ = place.adjusted(0, top, 0, -bottom);
        yTicks_ = ticksOf(y_, static_cast<int>(inside_.height() / 95));
        double widest = 0;
        for (const auto& tick : yTicks_)
            widest = std::max(widest, ticks.horizontalAdvance(tick.text));
        const double right = panel_.cells.empty() ? 24 : cellScaleWidth(panel_.cells.front());
        inside_.adjust(label.height() + TextGap + widest + TextGap + TickLength, 0, -right, 0);
        xTicks_ = ticksOf(x_, static_cast<int>(inside_.width() / 170));
    }

    [[nodiscard]] double mapX(double x) const {
        return inside_.left() + inside_.width() * std::clamp((x - x_.low) / (x_.high - x_.low), 0.0, 1.0);
    }
    [[nodiscard]] double mapY(double y) const {
        return inside_.bottom() - inside_.height() * std::clamp((y - y_.low) / (y_.high - y_.low), 0.0, 1.0);
    }
    [[nodiscard]] QPointF map(double x, double y) const { return {mapX(x), mapY(y)}; }

    void paintTitle() {
        if (panel_.title.empty())
            return;
        painter_.setFont(paper::font(paper::Face::Sans, LabelText, true));
        painter_.setPen(paper::Ink);
        painter_.drawText(QPointF(inside_.left(), place_.top() + LabelText * 0.85), text(panel_.title));
    }

    void paintAxes() {
        const QFontMetricsF ticks(tickFont_), label(labelFont_);
        if (panel_.cells.empty()) {
            painter_.setPen(QPen(paper::Grid, 2));
            for (const auto& tick : yTicks_)
                if (mapY(tick.at) < inside_.bottom() - 2)
                    painter_.drawLine(QPointF(inside_.left(), mapY(tick.at)),
                                      QPointF(inside_.right(), mapY(tick.at)));
        }
        painter_.setPen(QPen(paper::Ink, 2.5));
        painter_.drawLine(inside_.bottomLeft(), inside_.bottomRight());
        painter_.drawLine(inside_.bottomLeft(), inside_.topLeft());
        painter_.setFont(tickFont_);
        for (const auto& tick : xTicks_) {
            const double x = mapX(tick.at), width = ticks.horizontalAdvance(tick.text);
            painter_.drawLine(QPointF(x, inside_.bottom()), QPointF(x, inside_.bottom() + TickLength));
            // The last one ends with the panel.
            const double left = std::clamp(x - width / 2, place_.left(), place_.right() - width);
            painter_.drawText(QPointF(left, inside_.bottom() + TickLength + TextGap + ticks.ascent()),
                              tick.text);
        }
        for (const auto& tick : yTicks_) {
            const double y = mapY(tick.at);
            painter_.drawLine(QPointF(inside_.left(), y), QPointF(inside_.left() - TickLength, y));
            painter_.drawText(
                QPointF(inside_.left() - TickLength - TextGap - ticks.horizontalAdvance(tick.text),
                        y + ticks.capHeight() / 2),
                tick.text);
        }
        painter_.setFont(labelFont_);
        const QString x = label.elidedText(text(panel_.x.label), Qt::ElideRight, place_.width());
        const double middle = inside_.center().x() - label.horizontalAdvance(x) / 2;
        painter_.drawText(QPointF(std::max(place_.left(), middle), place_.bottom() - label.descent()), x);
        const QString y = text(panel_.y.label);
        painter_.save();
        painter_.translate(place_.left() + label.ascent(),
                           inside_.center().y() + label.horizontalAdvance(y) / 2);
        painter_.rotate(-90);
        painter_.drawText(QPointF(0, 0), y);
        painter_.restore();
    }

    void paintMark(const FigureMark& mark) {
        painter_.setPen(seriesPen(mark.style, mark.faint ? 2.5 : 5));
        if (mark.vertical)
            painter_.drawLine(QPointF(mapX(mark.at), inside_.top()),
                              QPointF(mapX(mark.at), inside_.bottom()));
        else
            painter_.drawLine(QPointF(inside_.left(), mapY(mark.at)),
                              QPointF(inside_.right(), mapY(mark.at)));
    }

    void paintBand(const FigureSeries& series) {
        if (series.low.size() != series.x.size() || series.high.size() != series.x.size() ||
            series.x.size() < 2)
            return;
        QPolygonF band;
        for (std::size_t i = 0; i < series.x.size(); ++i)
            band << map(series.x[i], series.high[i]);
        for (std::size_t i = series.x.size(); i-- > 0;)
            band << map(series.x[i], series.low[i]);
        QColor fill = paper::colour(series.style);
        fill.setAlphaF(0.18F);
        painter_.setPen(Qt::NoPen);
        painter_.setBrush(fill);
        painter_.drawPolygon(band);
        painter_.setBrush(Qt::NoBrush);
    }

    /// `number` of the line: its markers stand elsewhere than those of the others.
    void paintLine(const FigureSeries& series, int number) {
        QPainterPath path;
        std::vector<QPointF> points;
        bool open = false;
        for (std::size_t i = 0; i < series.x.size(); ++i) {
            if (!std::isfinite(series.x[i]) || !std::isfinite(series.y[i])) {
                open = false;
                continue;
            }
            const QPointF point = map(series.x[i], series.y[i]);
            open ? path.lineTo(point) : path.moveTo(point);
            open = true;
            points.push_back(point);
        }
        painter_.setPen(series.faint ? QPen(paper::Faint, 2.5) : seriesPen(series.style, LineWidth));
        painter_.setBrush(Qt::NoBrush);
        painter_.drawPath(path);
        if (series.faint || points.empty())
            return;
        const auto count = static_cast<int>(points.size());
        if (count <= 2 * MarkersOfLine) {
            for (const auto& point : points)
                paintMarker(painter_, series.style, point, MarkerSize);
            return;
        }
        for (int i = 0; i < MarkersOfLine; ++i) {
            const double share = (i + 0.25 + 0.5 * (number % 4) / 4) / MarkersOfLine;
            paintMarker(painter_, series.style, points[static_cast<std::size_t>(share * (count - 1))],
                        MarkerSize);
        }
    }

    void paintBars(const FigureSeries& series) {
        const double width =
            series.x.size() > 1 ? mapX(series.x[1]) - mapX(series.x[0]) : inside_.width() / 4;
        for (std::size_t i = 0; i < series.x.size(); ++i) {
            const double top = mapY(series.y[i]), bottom = mapY(std::max(0.0, y_.low));
            if (bottom - top > 0)
                painter_.fillRect(QRectF(mapX(series.x[i]) - width / 2 + 3, top, width - 6, bottom - top),
                                  paper::colour(series.style));
        }
    }

    void paintPoints(const FigureSeries& series) {
        for (std::size_t i = 0; i < series.x.size(); ++i) {
            if (!std::isfinite(series.x[i]) || !std::isfinite(series.y[i]))
                continue;
            if (i < series.low.size() && i < series.high.size()) {
                const double x = mapX(series.x[i]), low = mapY(series.low[i]), high = mapY(series.high[i]);
                painter_.setPen(QPen(paper::colour(series.style), 4));
                painter_.drawLine(QPointF(x, low), QPointF(x, high));
                painter_.drawLine(QPointF(x - 12, low), QPointF(x + 12, low));
                painter_.drawLine(QPointF(x - 12, high), QPointF(x + 12, high));
            }
            paintMarker(painter_, series.style, map(series.x[i], series.y[i]), PointSize);
        }
    }

    QPainter& painter_;
    const FigurePanel& panel_;
    QFont tickFont_, labelFont_;
    QRectF place_, inside_;
    AxisRange x_, y_;
    std::vector<AxisTick> xTicks_, yTicks_;
};

} // namespace

double figureHeight(const ReportFigure& figure) {
    return std::ceil(legendHeight(legendOf(figure)) + figure.height * paper::FigureWidth);
}

void paintFigure(QPainter& painter, const ReportFigure& figure) {
    painter.setRenderHint(QPainter::Antialiasing);
    const auto legend = legendOf(figure);
    paintLegend(painter, legend);
    const double top = legendHeight(legend);
    const auto count = static_cast<double>(figure.panels.size());
    const double width = (paper::FigureWidth - PanelGap * (count - 1)) / count;
    double x = 0;
    for (const auto& panel : figure.panels) {
        PanelPainter(painter, panel, QRectF(x, top, width, figureHeight(figure) - top)).paint();
        x += width + PanelGap;
    }
}

} // namespace stillroom
