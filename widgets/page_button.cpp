#include "widgets/page_button.h"

#include "widgets/theme.h"

#include <QFocusEvent>
#include <QPainter>

namespace stillroom {

PageButton::PageButton(PageId page, QWidget* parent) : QAbstractButton(parent) {
    setText(pageTitle(page));
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void PageButton::say(const PageAnswer& answer) {
    if (answer.text == answer_.text && answer.mark == answer_.mark)
        return;
    answer_ = answer;
    setAccessibleDescription(answer.text);
    setToolTip(answer.text);
    update();
}

void PageButton::setCompact(bool compact) {
    if (compact == compact_)
        return;
    compact_ = compact;
    updateGeometry();
    update();
}

QSize PageButton::sizeHint() const {
    const int title = QFontMetrics(textFont(TextSize::Title)).height();
    const int note = QFontMetrics(textFont(TextSize::Note)).height();
    return {scaled(200), compact_ ? title + scaled(12) : title + note + scaled(14)};
}

void PageButton::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF box = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    if (isChecked() || underMouse() || ring_) {
        painter.setPen(isChecked() ? t.accentLine : ring_ ? t.accent : t.hairline);
        painter.setBrush(isChecked() ? QBrush(t.accentSoft) : QBrush(Qt::NoBrush));
        if (isChecked() && ring_)
            painter.setPen(t.accent);
        painter.drawRoundedRect(box, Corner, Corner);
    }
    const int left = scaled(16), right = scaled(34);
    const QFont titleFont = textFont(TextSize::Title), noteFont = textFont(TextSize::Note);
    const QFontMetrics title(titleFont), note(noteFont);
    painter.setFont(titleFont);
    painter.setPen(isChecked() ? t.accent : t.text);
    const int top = compact_ ? (height() - title.height()) / 2 : scaled(6);
    painter.drawText(left, top + title.ascent(), text());
    painter.setFont(noteFont);
    painter.setPen(answer_.mark == PageMark::Wrong ? t.warning : t.muted);
    const int noteLeft = compact_ ? left + title.horizontalAdvance(text()) + scaled(10) : left;
    const int room = width() - noteLeft - right;
    const QString answer = note.elidedText(answer_.text, Qt::ElideRight, room);
    if (compact_)
        painter.drawText(width() - right - note.horizontalAdvance(answer), top + title.ascent(), answer);
    else
        painter.drawText(left, top + title.height() + note.ascent() + 1, answer);

    // The mark: a tick, a dot, three dots, an exclamation mark; drawn, so that no font needs to have it.
    painter.translate(width() - scaled(20.0), height() / 2.0);
    painter.scale(lookScale(), lookScale());
    const QPointF centre(0, 0);
    painter.setBrush(Qt::NoBrush);
    switch (answer_.mark) {
    case PageMark::Fine:
        painter.setPen(QPen(t.good, 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolyline(
            QPolygonF({centre + QPointF(-4, 0.5), centre + QPointF(-1, 3.5), centre + QPointF(4.5, -4)}));
        break;
    case PageMark::Changed:
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.accent);
        painter.drawEllipse(centre, 4, 4);
        break;
    case PageMark::Busy:
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.muted);
        for (const int offset : {-5, 0, 5})
            painter.drawEllipse(centre + QPointF(offset, 0), 1.5, 1.5);
        break;
    case PageMark::Wrong:
        painter.setPen(QPen(t.warning, 2.2, Qt::SolidLine, Qt::RoundCap));
        painter.drawLine(centre + QPointF(0, -5), centre + QPointF(0, 1));
        painter.drawPoint(centre + QPointF(0, 5));
        break;
    case PageMark::None:
        break;
    }
}

void PageButton::focusInEvent(QFocusEvent* event) {
    QAbstractButton::focusInEvent(event);
    ring_ = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason ||
            event->reason() == Qt::ShortcutFocusReason;
    update();
}

void PageButton::focusOutEvent(QFocusEvent* event) {
    QAbstractButton::focusOutEvent(event);
    ring_ = false;
    update();
}

void PageButton::enterEvent(QEnterEvent* event) {
    QAbstractButton::enterEvent(event);
    update();
}

void PageButton::leaveEvent(QEvent* event) {
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace stillroom
