#include "widgets/plane_layer.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {
constexpr double DeskWidth = 96, DeskHeight = 9;
constexpr int PaperDots = 4; // a pixel of a desk
} // namespace

void PlaneImage::applyDefaultAntialiasingHint(QCPPainter* painter) const {
    painter->setAntialiasing(false);
}

void PlaneImage::draw(QCPPainter* painter) {
    if (!shown || image.isNull())
        return;
    const QRectF area = mParentPlot->axisRect()->rect();
    if (!painter->modes().testFlag(QCPPainter::pmVectorized)) {
        drawRows(*painter, area);
        return;
    }
    // On paper it is one picture, so finely that no viewer can blur a cell into the next.
    QImage whole((area.size() * PaperDots).toSize(), QImage::Format_ARGB32_Premultiplied);
    whole.fill(Qt::transparent);
    QPainter rows(&whole);
    rows.scale(PaperDots, PaperDots);
    rows.translate(-area.topLeft());
    drawRows(rows, area);
    rows.end();
    painter->setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter->drawImage(area, whole);
}

void PlaneImage::drawRows(QPainter& painter, const QRectF& area) const {
    const auto* x = mParentPlot->xAxis;
    const auto* y = mParentPlot->yAxis;
    const double left = x->coordToPixel(0), width = x->coordToPixel(1) - left;
    painter.save();
    painter.setClipRect(area);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false); // cells are cells
    for (int row = 0; row < image.height(); ++row) {
        const auto edge = static_cast<std::size_t>(row);
        // Whole pixels: no seams between rows.
        const double bottom = std::round(y->coordToPixel(edges[edge]));
        const double top = std::round(y->coordToPixel(edges[edge + 1]));
        if (bottom > top && bottom > area.top())
            painter.drawImage(QRectF(left, top, width, bottom - top), image,
                              QRectF(0, image.height() - 1 - row, image.width(), 1));
    }
    painter.restore();
}

void PlaneLines::clear() {
    lines.clear();
    brush.reset();
    key = {};
    keyFrom.clear();
    keyTo.clear();
    keyTitle.clear();
    swatches.clear();
    note.clear();
}

void PlaneLines::applyDefaultAntialiasingHint(QCPPainter* painter) const {
    painter->setAntialiasing(true);
}

void PlaneLines::draw(QCPPainter* painter) {
    const QRectF area = mParentPlot->axisRect()->rect();
    painter->setFont(textFont(TextSize::Note));
    for (const Weight weight : {Weight::Faint, Weight::Before, Weight::Strong, Weight::Supposed})
        for (const auto& line : lines)
            if (line.weight == weight)
                drawLine(painter, area, line);
    drawBrush(painter, area);
    for (const auto& line : lines)
        if (!line.label.isEmpty())
            drawLabel(painter, area, line);
    drawKey(painter, area);
    drawSwatches(painter, area);
    drawNote(painter, area);
}

void PlaneLines::drawLine(QCPPainter* painter, const QRectF& area, const Line& line) const {
    QColor colour = line.weight == Weight::Supposed ? colours_.warning : colours_.text;
    QPen pen(colour, scaled(line.weight == Weight::Faint ? 1.0 : 1.6));
    if (line.weight == Weight::Faint) {
        colour.setAlphaF(0.28F);
        pen.setColor(colour);
    } else if (line.weight == Weight::Before) {
        colour.setAlphaF(0.7F);
        pen.setColor(colour);
        pen.setStyle(Qt::DashLine);
    }
    const bool upright = line.side == ThresholdSide::Teacher;
    const auto* axis = upright ? mParentPlot->xAxis : mParentPlot->yAxis;
    const double at = axis->coordToPixel(line.value);
    if (upright ? at < area.left() - 1 || at > area.right() + 1
                : at < area.top() - 1 || at > area.bottom() + 1)
        return;
    if (line.weight == Weight::Strong || line.weight == Weight::Supposed) {
        // A seam of the background, so that it is seen on the densest cells too.
        QColor seam = colours_.surface;
        seam.setAlphaF(0.75F);
        painter->setPen(QPen(seam, scaled(4.0)));
        painter->drawLine(upright ? QLineF(at, area.top(), at, area.bottom())
                                  : QLineF(area.left(), at, area.right(), at));
    }
    painter->setPen(pen);
    painter->setBrush(Qt::NoBrush);
    painter->drawLine(upright ? QLineF(at, area.top(), at, area.bottom())
                              : QLineF(area.left(), at, area.right(), at));
    if (!line.handle)
        return;
    // Something to take hold of, out of the way of the other line.
    const QRectF grip =
        upright ? QRectF(at - scaled(4.0), area.bottom() - scaled(26.0), scaled(8.0), scaled(18.0))
                : QRectF(area.left() + scaled(8.0), at - scaled(4.0), scaled(18.0), scaled(8.0));
    painter->setPen(QPen(line.weight == Weight::Supposed ? colours_.warning : colours_.text, scaled(1.4)));
    painter->setBrush(colours_.surface);
    painter->drawRoundedRect(grip, 4, 4);
}

void PlaneLines::drawLabel(QCPPainter* painter, const QRectF& area, const Line& line) const {
    const QFontMetricsF metrics(painter->font());
    const double width = metrics.horizontalAdvance(line.label), height = metrics.height();
    const bool upright = line.side == ThresholdSide::Teacher;
    const double at = (upright ? mParentPlot->xAxis : mParentPlot->yAxis)->coordToPixel(line.value);
    QRectF place(0, 0, width, height);
    if (upright) {
        place.moveTopLeft({at + 6, area.top() + 3});
        if (place.right() > area.right() - 2)
            place.moveRight(at - 6);
        // In an area too small for the label its beginning is what is seen.
        place.moveLeft(std::max(std::min(place.left(), area.right() - width - 4), area.left() + 4));
    } else {
        place.moveTopRight({area.right() - 6, at - height - 3});
        if (place.top() < area.top() + height + 6) // where the teacher's stands
            place.moveTop(std::max(at + 3, area.top() + height + 8));
        place.moveTop(std::max(std::min(place.top(), area.bottom() - height - 2), area.top() + 2));
    }
    QColor veil = colours_.surface;
    veil.setAlphaF(0.85F);
    painter->setPen(Qt::NoPen);
    painter->setBrush(veil);
    painter->drawRoundedRect(place.adjusted(-3, 0, 3, 0), 3, 3);
    painter->setPen(line.weight == Weight::Supposed ? colours_.warning : colours_.text);
    painter->drawText(QPointF(place.left(), place.top() + metrics.ascent()), line.label);
}

void PlaneLines::drawBrush(QCPPainter* painter, const QRectF& area) const {
    if (!brush)
        return;
    const auto* x = mParentPlot->xAxis;
    const auto* y = mParentPlot->yAxis;
    QRectF shown(
        QPointF(x->coordToPixel(brush->left()), wholeHeight ? area.top() : y->coordToPixel(brush->bottom())),
        QPointF(x->coordToPixel(brush->right()),
                wholeHeight ? area.bottom() : y->coordToPixel(brush->top())));
    shown = shown.intersected(area);
    QColor fill = colours_.accent;
    fill.setAlphaF(0.12F);
    painter->setPen(QPen(colours_.accent, scaled(1.4)));
    painter->setBrush(fill);
    painter->drawRect(shown);
}

void PlaneLines::drawKey(QCPPainter* painter, const QRectF& area) const {
    if (key.isNull())
        return;
    const QFontMetricsF metrics(painter->font());
    const double keyWidth = scaled(DeskWidth), keyHeight = scaled(DeskHeight);
    const double y = area.top() - 8 - metrics.height();
    const auto width = [&](const QString& text) { return metrics.horizontalAdvance(text); };
    double x = area.right() - keyWidth - 12 - width(keyFrom) - width(keyTo) - 10 - width(keyTitle);
    painter->setPen(colours_.muted);
    const auto say = [&](const QString& text, double gap) {
        painter->drawText(QPointF(x, y + metrics.ascent()), text);
        x += width(text) + gap;
    };
    if (x >= area.left())
        say(keyTitle, 10);
    else
        x += width(keyTitle) + 10;
    say(keyFrom, 6);
    const QRectF bar(x, y + (metrics.height() - keyHeight) / 2, keyWidth, keyHeight);
    painter->drawImage(bar, key);
    x += keyWidth + 6;
    say(keyTo, 0);
}

void PlaneLines::drawSwatches(QCPPainter* painter, const QRectF& area) const {
    const QFontMetricsF metrics(painter->font());
    const double square = scaled(9.0), gap = scaled(6.0), apart = scaled(16.0);
    double x = area.right() + apart;
    for (const auto& [colour, text] : swatches)
        x -= square + gap + metrics.horizontalAdvance(text) + apart;
    const double y = area.top() - 8 - metrics.height();
    for (const auto& [colour, text] : swatches) {
        painter->fillRect(QRectF(x, y + (metrics.height() - square) / 2, square, square), colour);
        x += square + gap;
        painter->setPen(colours_.muted);
        painter->drawText(QPointF(x, y + metrics.ascent()), text);
        x += metrics.horizontalAdvance(text) + apart;
    }
}

void PlaneLines::drawNote(QCPPainter* painter, const QRectF& area) const {
    if (note.isEmpty())
        return;
    const QFontMetricsF metrics(painter->font());
    const QString text = metrics.elidedText(note, Qt::ElideRight, area.width() - 16);
    const QRectF place(area.left() + 8, area.top() + metrics.height() + scaled(8.0),
                       metrics.horizontalAdvance(text), metrics.height());
    QColor veil = colours_.surface;
    veil.setAlphaF(0.9F);
    painter->fillRect(place.adjusted(-3, 0, 3, 0), veil);
    painter->setPen(colours_.muted);
    painter->drawText(QPointF(place.left(), place.top() + metrics.ascent()), text);
}

} // namespace stillroom
