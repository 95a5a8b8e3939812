#include "widgets/batch_delegate.h"

#include "widgets/batch_model.h"
#include "widgets/theme.h"

#include <QPainter>
#include <QTextLayout>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

constexpr int Padding = 6; // at a desk

QPen stroke(const QColor& colour, double width) {
    return {colour, scaled(width), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin};
}

/// Kept: a full disc with a tick. Refused: a ring with a bar.
void drawMark(QPainter* painter, const QPointF& centre, bool kept) {
    const Theme& t = theme();
    painter->save();
    painter->translate(centre);
    painter->scale(lookScale(), lookScale());
    if (kept) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(t.kept);
        painter->drawEllipse(QPointF(), 8, 8);
        painter->setPen(QPen(t.surface, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPolyline(QPolygonF({{-3.8, 0.4}, {-1, 3.2}, {4, -3}}));
    } else {
        painter->setPen(QPen(t.axis, 1.4));
        painter->setBrush(Qt::NoBrush);
        painter->drawEllipse(QPointF(), 7, 7);
        painter->setPen(QPen(t.axis, 1.8, Qt::SolidLine, Qt::RoundCap));
        painter->drawLine(QPointF(-3.2, 0), QPointF(3.2, 0));
    }
    painter->restore();
}

/// Whether a label is gold's: a tick or a cross, drawn, so that no font needs to have it.
void drawRight(QPainter* painter, const QPointF& centre, bool right) {
    const Theme& t = theme();
    painter->save();
    painter->translate(centre);
    painter->scale(lookScale(), lookScale());
    if (right) {
        painter->setPen(QPen(t.good, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPolyline(QPolygonF({{-3.5, 0.3}, {-1, 2.8}, {3.5, -2.8}}));
    } else {
        painter->setPen(QPen(t.warning, 1.6, Qt::SolidLine, Qt::RoundCap));
        painter->drawLine(QPointF(-3, -3), QPointF(3, 3));
        painter->drawLine(QPointF(-3, 3), QPointF(3, -3));
    }
    painter->restore();
}

/// A value from 0 to 1, and a notch at what it had to reach.
void drawBar(QPainter* painter, const QRectF& area, double value, const QVariant& least) {
    const Theme& t = theme();
    const double radius = scaled(2.0);
    painter->setPen(Qt::NoPen);
    painter->setBrush(t.grid);
    painter->drawRoundedRect(area, radius, radius);
    const bool reached = !least.isValid() || value >= least.toDouble();
    painter->setBrush(reached ? t.kept : t.axis);
    QRectF filled = area;
    filled.setWidth(area.width() * std::clamp(value, 0.0, 1.0));
    painter->drawRoundedRect(filled, radius, radius);
    if (!least.isValid())
        return;
    const double x = area.left() + area.width() * std::clamp(least.toDouble(), 0.0, 1.0);
    const double over = scaled(3.0);
    painter->setPen(stroke(t.surface, 3.4));
    painter->drawLine(QPointF(x, area.top() - over), QPointF(x, area.bottom() + over));
    painter->setPen(stroke(t.text, 2));
    painter->drawLine(QPointF(x, area.top() - over), QPointF(x, area.bottom() + over));
}

/// Two lines at most, the second cut where the room ends.
void drawTwoLines(QPainter* painter, const QRectF& area, const QString& text, const QFont& font) {
    QTextLayout layout(text, font);
    layout.beginLayout();
    QTextLine first = layout.createLine();
    if (!first.isValid())
        return;
    first.setLineWidth(area.width());
    const QFontMetricsF metrics(font);
    const QString head = text.left(first.textLength());
    const QString rest = text.mid(first.textLength());
    layout.endLayout();
    painter->setFont(font);
    if (rest.isEmpty()) {
        painter->drawText(area, static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine,
                          metrics.elidedText(text, Qt::ElideRight, area.width()));
        return;
    }
    const double top = area.top() + (area.height() - 2 * metrics.lineSpacing()) / 2;
    painter->drawText(QPointF(area.left(), top + metrics.ascent()), head);
    painter->drawText(QPointF(area.left(), top + metrics.lineSpacing() + metrics.ascent()),
                      metrics.elidedText(rest, Qt::ElideRight, area.width()));
}

QColor rowColour(const QStyleOptionViewItem& option, bool kept) {
    const Theme& t = theme();
    if ((option.state & QStyle::State_Selected) != 0)
        return t.accentSoft;
    if (!kept)
        return t.surface;
    const auto half = [](int a, int b) { return (a + 3 * b) / 4; };
    return {half(t.keptSoft.red(), t.surface.red()), half(t.keptSoft.green(), t.surface.green()),
            half(t.keptSoft.blue(), t.surface.blue())};
}

} // namespace

int BatchDelegate::rowHeight() {
    return QFontMetrics(textFont(TextSize::Body)).lineSpacing() +
           QFontMetrics(textFont(TextSize::Note)).lineSpacing() + scaled(Padding) * 2;
}

QSize BatchDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {scaled(60), rowHeight()};
}

void BatchDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
    const Theme& t = theme();
    const int column = index.column();
    const bool kept = index.data(BatchModel::Kept).toBool();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->fillRect(option.rect, rowColour(option, kept));
    painter->setPen(QPen(t.grid, 1));
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    const QRectF cell =
        QRectF(option.rect).adjusted(scaled(4), scaled(Padding), -scaled(4), -scaled(Padding));
    const QFont body = textFont(kept ? TextSize::Title : TextSize::Body), note = textFont(TextSize::Note);
    const QFontMetricsF bodyMetrics(body), noteMetrics(note);
    const QColor words = kept ? t.text : t.muted;
    const double first = cell.top() + bodyMetrics.ascent();
    const double second = cell.bottom() - noteMetrics.descent();
    const QString text = index.data().toString();

    if (column == BatchModel::Mark) {
        if (kept)
            painter->fillRect(
                QRectF(option.rect.left(), option.rect.top(), scaled(4), option.rect.height() - 1), t.kept);
        drawMark(painter, QRectF(option.rect).center() + QPointF(scaled(2.0), 0), kept);
        painter->restore();
        return;
    }
    if (column == BatchModel::Text) {
        painter->setPen(words);
        drawTwoLines(painter, cell, text, textFont(TextSize::Body));
        painter->restore();
        return;
    }
    if (column == BatchModel::Weight || column == BatchModel::Loss || column == BatchModel::Gold) {
        painter->setFont(textFont(TextSize::Body));
        painter->setPen(words);
        const auto side = column == BatchModel::Gold ? Qt::AlignLeft : Qt::AlignRight;
        painter->drawText(cell, static_cast<int>(side | Qt::AlignVCenter) | Qt::TextSingleLine,
                          QFontMetricsF(painter->font()).elidedText(text, Qt::ElideRight, cell.width()));
        painter->restore();
        return;
    }
    // Over: a label or a verdict. Under: a number, with its bar, or the reason.
    const QVariant right = index.data(BatchModel::Right);
    double room = cell.width();
    if (right.isValid()) {
        room -= scaled(14.0);
        drawRight(painter, QPointF(cell.right() - scaled(5.0), first - bodyMetrics.xHeight() / 2),
                  right.toInt() == 1);
    }
    painter->setFont(column == BatchModel::Decision ? body : textFont(TextSize::Body));
    painter->setPen(column == BatchModel::Decision && kept ? t.kept : words);
    painter->drawText(QPointF(cell.left(), first),
                      QFontMetricsF(painter->font()).elidedText(text, Qt::ElideRight, room));
    painter->setFont(note);
    painter->setPen(words);
    const QString under = index.data(BatchModel::Note).toString();
    const QVariant value = index.data(BatchModel::Share);
    if (value.isValid()) {
        const double number = under.isEmpty() ? 0 : noteMetrics.horizontalAdvance(QStringLiteral("0.00 "));
        if (!under.isEmpty())
            painter->drawText(QPointF(cell.left(), second), under);
        const double thick = scaled(6.0);
        const double middle = second - noteMetrics.xHeight() / 2;
        drawBar(painter,
                QRectF(cell.left() + number, middle - thick / 2, cell.width() - number - scaled(2), thick),
                value.toDouble(), index.data(BatchModel::Bar));
    } else {
        painter->drawText(QPointF(cell.left(), second),
                          noteMetrics.elidedText(under, Qt::ElideRight, cell.width()));
    }
    painter->restore();
}

} // namespace stillroom
