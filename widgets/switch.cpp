#include "widgets/switch.h"

#include "widgets/theme.h"

#include <QPainter>
#include <algorithm>

namespace stillroom {
namespace {
constexpr int Width = 30, Height = 16;
}

Switch::Switch(QWidget* parent) : QAbstractButton(parent) {
    setCheckable(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize Switch::sizeHint() const {
    const int word =
        std::max(fontMetrics().horizontalAdvance(tr("on")), fontMetrics().horizontalAdvance(tr("off")));
    return {Width + Gap + word + 2, std::max(Height + 4, fontMetrics().height() + 4)};
}

void Switch::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF track(1, (height() - Height) / 2.0, Width, Height);
    const bool on = isChecked();
    QColor fill = on ? t.accent : t.axis;
    if (!isEnabled())
        fill = t.hairline;
    painter.setPen(hasFocus() ? QPen(t.text, 1) : QPen(Qt::NoPen));
    painter.setBrush(fill);
    painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), Height / 2.0, Height / 2.0);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.surface);
    const double knob = Height - 6;
    painter.drawEllipse(
        QRectF(on ? track.right() - knob - 3 : track.left() + 3, track.top() + 3, knob, knob));
    painter.setPen(isEnabled() ? t.text : t.faint);
    painter.drawText(QRect(Width + Gap, 0, width() - Width - Gap, height()), Qt::AlignVCenter,
                     on ? tr("on") : tr("off"));
}

} // namespace stillroom
