#include "widgets/switch.h"

#include "widgets/theme.h"

#include <QPainter>
#include <algorithm>

namespace stillroom {
namespace {
constexpr int Width = 30, Height = 16; // at a desk
}

Switch::Switch(QWidget* parent) : QAbstractButton(parent) {
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize Switch::sizeHint() const {
    const int word =
        std::max(fontMetrics().horizontalAdvance(tr("on")), fontMetrics().horizontalAdvance(tr("off")));
    return {scaled(Width + Gap) + word + 2, std::max(scaled(Height + 4), fontMetrics().height() + 4)};
}

void Switch::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double length = scaled(double{Width}), thick = scaled(double{Height});
    const QRectF track(1, (height() - thick) / 2, length, thick);
    const bool on = isChecked();
    QColor fill = on ? t.accent : t.axis;
    if (!isEnabled())
        fill = t.hairline;
    painter.setPen(hasFocus() ? QPen(t.text, 1) : QPen(Qt::NoPen));
    painter.setBrush(fill);
    painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), thick / 2, thick / 2);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.surface);
    const double knob = thick - scaled(6.0), edge = scaled(3.0);
    painter.drawEllipse(
        QRectF(on ? track.right() - knob - edge : track.left() + edge, track.top() + edge, knob, knob));
    painter.setPen(isEnabled() ? t.text : t.faint);
    painter.drawText(QRectF(length + scaled(Gap), 0, width() - length - scaled(Gap), height()),
                     Qt::AlignVCenter, on ? tr("on") : tr("off"));
}

} // namespace stillroom
