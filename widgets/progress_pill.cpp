#include "widgets/progress_pill.h"

#include "widgets/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

namespace stillroom {

ProgressPill::ProgressPill(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ProgressPill::say(double share, const QString& words) {
    // A change of less than a pixel is none.
    if (words == words_ && std::abs(share - share_) * std::max(1, width()) < 0.5)
        return;
    share_ = share;
    words_ = words;
    setAccessibleName(share > 0 ? tr("%1, %2 %").arg(words).arg(static_cast<int>(100 * std::min(share, 1.0)))
                                : words);
    setToolTip(words);
    update();
}

void ProgressPill::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF bar = QRectF(rect()).adjusted(0, 1, 0, -1);
    const double radius = bar.height() / 2;
    QPainterPath outline;
    outline.addRoundedRect(bar, radius, radius);
    painter.fillPath(outline, t.hairline);
    const double edge = bar.width() * std::clamp(share_, 0.0, 1.0);
    painter.setFont(textFont(TextSize::Note));
    painter.setPen(t.text);
    const QString words =
        painter.fontMetrics().elidedText(words_, Qt::ElideRight, static_cast<int>(bar.width() - 2 * radius));
    painter.drawText(bar, Qt::AlignCenter, words);
    if (edge <= 0)
        return;
    // The words again where the bar lies under them.
    painter.setClipRect(QRectF(bar.left(), bar.top(), edge, bar.height()));
    painter.fillPath(outline, t.accent);
    painter.setPen(t.surface);
    painter.drawText(bar, Qt::AlignCenter, words);
}

} // namespace stillroom
