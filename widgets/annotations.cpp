#include "widgets/annotations.h"

#include <QFontMetricsF>
#include <algorithm>
#include <iterator>

namespace stillroom {
namespace {
constexpr int LongestKey = 150; // pixels at a desk; longer names are elided
}

Annotations::Annotations(QCustomPlot* plot) : QCPLayerable(plot, QStringLiteral("overlay")) {}

void Annotations::clear() {
    labels.clear();
    marks.clear();
    keys.clear();
    note.clear();
}

void Annotations::setColours(const Theme& colours) {
    colours_ = colours;
}

int Annotations::keysWidth() const {
    const QFontMetricsF metrics(textFont(TextSize::Note));
    double widest = 0;
    for (const auto& key : keys)
        widest = std::max(widest, metrics.horizontalAdvance(key.text));
    return keys.empty() ? 0 : static_cast<int>(std::min(widest, scaled(double{LongestKey}))) + scaled(24);
}

int Annotations::labelsWidth() const {
    QFont font = textFont(TextSize::Note);
    double widest = 0;
    for (const auto& label : labels) {
        font.setBold(label.bold);
        widest = std::max(widest, QFontMetricsF(font).horizontalAdvance(label.text));
    }
    return static_cast<int>(widest);
}

void Annotations::applyDefaultAntialiasingHint(QCPPainter* painter) const {
    painter->setAntialiasing(false);
}

void Annotations::draw(QCPPainter* painter) {
    const QRectF area = mParentPlot->axisRect()->rect();
    painter->setFont(textFont(TextSize::Note));
    taken_.clear();
    drawMarks(painter, area);
    drawKeys(painter, area);
    drawLabels(painter, area);
}

void Annotations::drawMarks(QCPPainter* painter, const QRectF& area) {
    const QFontMetricsF metrics(painter->font());
    // The rightmost first: an older mark whose words would run into another's is a line alone.
    double freeUntil = area.right();
    for (auto mark = marks.rbegin(); mark != marks.rend(); ++mark) {
        const double x = mParentPlot->xAxis->coordToPixel(mark->x);
        if (x < area.left() || x > area.right())
            continue;
        painter->setPen(QPen(colours_.warning, scaled(1.0), Qt::DashLine));
        painter->drawLine(QLineF(x, area.top(), x, area.bottom()));
        const double width = metrics.horizontalAdvance(mark->text);
        double left = x + 5;
        if (left + width > freeUntil) { // left of its line, where no older line stands
            const auto older = std::next(mark);
            left = x - 5 - width;
            if (mark != marks.rbegin() && older != marks.rend() &&
                mParentPlot->xAxis->coordToPixel(older->x) > left - 5)
                continue;
        }
        if (left < area.left())
            continue;
        painter->drawText(QPointF(left, area.top() + metrics.ascent()), mark->text);
        taken_.emplace_back(left, area.top(), width, metrics.height());
        freeUntil = std::min(left, x) - 5;
    }
}

void Annotations::drawKeys(QCPPainter* painter, const QRectF& area) {
    if (keys.empty() && note.isEmpty())
        return;
    const QFontMetricsF metrics(painter->font());
    const double line = metrics.height() + 3;
    const double square = scaled(9.0);
    const bool right = keyPlace == KeyPlace::Right;
    double x = right ? area.right() + 10 : area.left() + 8;
    double y = right ? area.top() : area.top() + 2;
    if (!note.isEmpty()) // over lines of the grid
        painter->fillRect(QRectF(x - 3, y + line,
                                 std::min(area.width() - 16, metrics.horizontalAdvance(note)) + 6,
                                 metrics.height()),
                          colours_.surface);
    for (const auto& key : keys) {
        painter->fillRect(QRectF(x, y + (metrics.height() - square) / 2, square, square), key.colour);
        painter->setPen(right ? colours_.muted : colours_.text);
        const QString text = metrics.elidedText(key.text, Qt::ElideMiddle, scaled(LongestKey));
        painter->drawText(QPointF(x + square + 6, y + metrics.ascent()), text);
        taken_.emplace_back(x, y, square + 6 + metrics.horizontalAdvance(text), metrics.height());
        if (right)
            y += line;
        else
            x += square + 6 + metrics.horizontalAdvance(text) + 20;
    }
    if (!note.isEmpty()) {
        painter->setPen(colours_.muted);
        painter->drawText(QPointF(area.left() + 8, area.top() + 2 + line + metrics.ascent()),
                          metrics.elidedText(note, Qt::ElideRight, area.width() - 16));
    }
}

void Annotations::drawLabels(QCPPainter* painter, const QRectF& area) {
    // Words may stand in the margin right of the axes, where curves end at the end of a run.
    const double rightmost = mParentPlot->viewport().right();
    QColor veil = colours_.surface;
    veil.setAlphaF(0.8F);
    for (const auto& label : labels) {
        QFont font = textFont(TextSize::Note);
        font.setBold(label.bold);
        const QFontMetricsF metrics(font);
        const double width = metrics.horizontalAdvance(label.text), height = metrics.height();
        const double x = mParentPlot->xAxis->coordToPixel(label.x);
        const double y = mParentPlot->yAxis->coordToPixel(label.y);
        // Right of the end, a little higher or lower where others are; else over or under the curve.
        std::vector<QPointF> places;
        for (const double shift : {0.0, -0.5, 0.5, -1.0, 1.0, -1.5, 1.5, -2.0, 2.0})
            places.emplace_back(x + 8, y - height / 2 + shift * height);
        for (int shift = 0; shift < 5; ++shift) {
            places.emplace_back(x - width, y - (shift + 1) * height - 5);
            places.emplace_back(x - width, y + shift * height + 6);
        }
        QRectF place;
        for (const auto& corner : places) {
            place = QRectF(corner, QSizeF(width, height));
            if (place.left() < area.left())
                place.moveLeft(area.left() + 4);
            const bool inside = place.right() <= rightmost && place.top() >= area.top() - 6 &&
                                place.bottom() <= area.bottom() + 2;
            if (inside && std::none_of(taken_.begin(), taken_.end(),
                                       [&](const QRectF& other) { return other.intersects(place); }))
                break;
        }
        place.moveRight(std::min(place.right(), rightmost));
        taken_.push_back(place);
        painter->fillRect(place.adjusted(-2, 1, 2, -1), veil);
        painter->setFont(font);
        painter->setPen(label.colour);
        painter->drawText(QPointF(place.left(), place.top() + metrics.ascent()), label.text);
    }
}

} // namespace stillroom
