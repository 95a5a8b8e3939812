#include "widgets/report/figure_legend.h"

#include "widgets/report/paper.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

namespace stillroom {

namespace {

constexpr double Sample = 84, SampleGap = 16, EntryGap = 56, RowHeight = 48, MostText = 620;

QFont legendFont() {
    return paper::font(paper::Face::Sans, 33);
}

struct Placed {
    LegendEntry entry;
    double x = 0;
    int row = 0;
};

/// From left to right, in as many rows as they need.
std::vector<Placed> placed(const std::vector<LegendEntry>& entries) {
    const QFontMetricsF metrics(legendFont());
    std::vector<Placed> all;
    double x = 0;
    int row = 0;
    for (LegendEntry entry : entries) {
        entry.name = metrics.elidedText(entry.name, Qt::ElideMiddle, MostText);
        const double width = Sample + SampleGap + metrics.horizontalAdvance(entry.name);
        if (x > 0 && x + width > paper::FigureWidth) {
            x = 0;
            ++row;
        }
        all.push_back({std::move(entry), x, row});
        x += width + EntryGap;
    }
    return all;
}

void paintSample(QPainter& painter, const LegendEntry& entry, double x, double y) {
    const QPointF from(x, y), to(x + Sample, y), middle(x + Sample / 2, y);
    switch (entry.kind) {
    case LegendEntry::Kind::Line:
        painter.setPen(seriesPen(entry.style, 5));
        painter.drawLine(from, to);
        paintMarker(painter, entry.style, middle, 22);
        break;
    case LegendEntry::Kind::Points:
        paintMarker(painter, entry.style, middle, 26);
        break;
    case LegendEntry::Kind::Bars:
        painter.fillRect(QRectF(x + 14, y - 13, Sample - 28, 26), paper::colour(entry.style));
        break;
    case LegendEntry::Kind::Mark:
        painter.setPen(seriesPen(entry.style, 4));
        painter.drawLine(from, to);
        break;
    case LegendEntry::Kind::Faint:
        painter.setPen(QPen(paper::Faint, 3));
        painter.drawLine(from, to);
        break;
    case LegendEntry::Kind::Diagonal:
        painter.setPen(diagonalPen());
        painter.drawLine(from, to);
        break;
    }
}

} // namespace

std::vector<LegendEntry> legendOf(const ReportFigure& figure) {
    std::vector<LegendEntry> entries;
    const auto add = [&](const std::string& name, LegendEntry::Kind kind, int style) {
        const QString text = QString::fromStdString(name);
        if (!text.isEmpty() && std::none_of(entries.begin(), entries.end(),
                                            [&](const LegendEntry& entry) { return entry.name == text; }))
            entries.push_back({text, kind, style});
    };
    for (const auto& panel : figure.panels) {
        for (const auto& series : panel.series)
            add(series.name,
                series.faint                                ? LegendEntry::Kind::Faint
                : series.mark == FigureSeries::Mark::Line   ? LegendEntry::Kind::Line
                : series.mark == FigureSeries::Mark::Points ? LegendEntry::Kind::Points
                                                            : LegendEntry::Kind::Bars,
                series.style);
        for (const auto& mark : panel.marks)
            add(mark.name, LegendEntry::Kind::Mark, mark.style);
        if (panel.diagonal)
            add("where confidence is what it says", LegendEntry::Kind::Diagonal, 0);
    }
    // What is behind the others comes last.
    std::stable_partition(entries.begin(), entries.end(),
                          [](const LegendEntry& entry) { return entry.kind != LegendEntry::Kind::Faint; });
    return entries;
}

double legendHeight(const std::vector<LegendEntry>& entries) {
    return entries.empty() ? 0 : RowHeight * (placed(entries).back().row + 1) + 12;
}

void paintLegend(QPainter& painter, const std::vector<LegendEntry>& entries) {
    const QFont font = legendFont();
    const QFontMetricsF metrics(font);
    for (const auto& [entry, x, row] : placed(entries)) {
        const double y = RowHeight * (row + 0.5);
        paintSample(painter, entry, x, y);
        painter.setFont(font);
        painter.setPen(paper::Ink);
        painter.drawText(QPointF(x + Sample + SampleGap, y + metrics.capHeight() / 2), entry.name);
    }
}

QPen diagonalPen() {
    QPen pen(paper::Muted, 3, Qt::SolidLine, Qt::FlatCap);
    pen.setDashPattern({6, 4});
    return pen;
}

QPen seriesPen(int style, double width) {
    QPen pen(paper::colour(style), width, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
    if (const auto dashes = paper::dashes(style); !dashes.isEmpty())
        pen.setDashPattern(dashes);
    return pen;
}

void paintMarker(QPainter& painter, int style, const QPointF& at, double size) {
    const double r = size / 2;
    const auto polygon = [&](int corners, double turn) {
        QPolygonF shape;
        for (int i = 0; i < corners; ++i) {
            const double angle = turn + 2 * M_PI * i / corners;
            shape << at + QPointF(r * std::cos(angle), r * std::sin(angle));
        }
        painter.drawPolygon(shape);
    };
    if (paper::isOpen(style)) {
        painter.setPen(QPen(paper::colour(style), size / 7));
        painter.setBrush(Qt::white);
    } else {
        painter.setPen(QPen(Qt::white, 2));
        painter.setBrush(paper::colour(style));
    }
    switch (paper::marker(style)) {
    case 0:
        painter.drawEllipse(at, r, r);
        break;
    case 1:
        polygon(4, M_PI / 4);
        break;
    case 2:
        polygon(3, -M_PI / 2);
        break;
    case 3:
        polygon(4, 0);
        break;
    case 4:
        polygon(3, M_PI / 2);
        break;
    case 5:
        polygon(6, 0);
        break;
    case 6:
        painter.drawRect(QRectF(at.x() - r, at.y() - r / 2, 2 * r, r));
        break;
    default:
        painter.drawRect(QRectF(at.x() - r / 2, at.y() - r, r, 2 * r));
        break;
    }
    painter.setBrush(Qt::NoBrush);
}

} // namespace stillroom
