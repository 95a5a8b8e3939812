#include "widgets/glyph.h"

#include "widgets/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QPixmap>

namespace stillroom {
namespace {

constexpr int Size = 14;

QPixmap drawn(Glyph glyph, const QColor& colour) {
    constexpr int dense = 2; // sharp on dense screens too
    QPixmap pixmap(scaled(Size) * dense, scaled(Size) * dense);
    pixmap.setDevicePixelRatio(dense);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(lookScale(), lookScale());
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    switch (glyph) {
    case Glyph::Run:
        painter.drawPolygon(QPolygonF({{3, 1.5}, {12.5, 7}, {3, 12.5}}));
        break;
    case Glyph::Pause:
        painter.drawRect(QRectF(3, 2, 3, 10));
        painter.drawRect(QRectF(8, 2, 3, 10));
        break;
    case Glyph::Step:
        painter.drawRect(QRectF(2, 2, 2, 10));
        painter.drawPolygon(QPolygonF({{5.5, 2}, {12.5, 7}, {5.5, 12}}));
        break;
    case Glyph::Stop:
        painter.drawRect(QRectF(2.5, 2.5, 9, 9));
        break;
    case Glyph::Back:
        painter.drawPolygon(QPolygonF({{10, 2}, {3.5, 7}, {10, 12}}));
        break;
    case Glyph::Forward:
        painter.drawPolygon(QPolygonF({{4, 2}, {10.5, 7}, {4, 12}}));
        break;
    case Glyph::Curve: {
        QPainterPath path(QPointF(1.5, 3));
        path.cubicTo(7, 3, 6.5, 11, 12.5, 11);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(colour, 1.8, Qt::SolidLine, Qt::RoundCap));
        painter.drawPath(path);
        break;
    }
    }
    return pixmap;
}

} // namespace

QIcon glyphIcon(Glyph glyph, const QColor& colour, const QColor& disabled) {
    QIcon icon;
    icon.addPixmap(drawn(glyph, colour), QIcon::Normal);
    icon.addPixmap(drawn(glyph, disabled), QIcon::Disabled);
    return icon;
}

} // namespace stillroom
