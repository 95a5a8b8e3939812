#include "widgets/slider.h"

#include "widgets/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {
constexpr double AtDesk = 6.5; // radius of the handle
double radius() {
    return scaled(AtDesk);
}
} // namespace

Slider::Slider(QWidget* parent) : QSlider(Qt::Horizontal, parent) {
    setFocusPolicy(Qt::StrongFocus);
}

QSize Slider::sizeHint() const {
    return {scaled(88), scaled(22)};
}
QSize Slider::minimumSizeHint() const {
    return {scaled(40), scaled(20)};
}

int Slider::valueAt(double x) const {
    const double share = (x - radius() - 1) / std::max(1.0, width() - 2 * radius() - 2);
    return minimum() + static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * (maximum() - minimum())));
}

void Slider::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double middle = height() / 2.0;
    const double share = maximum() == minimum() ? 0 : double(value() - minimum()) / (maximum() - minimum());
    const double x = radius() + 1 + share * (width() - 2 * radius() - 2);
    const QColor colour = isEnabled() ? t.accent : t.axis;
    painter.setPen(QPen(t.hairline, scaled(3.0), Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(2, middle), QPointF(width() - 2, middle));
    painter.setPen(QPen(colour, scaled(3.0), Qt::SolidLine, Qt::RoundCap));
    painter.drawLine(QPointF(2, middle), QPointF(std::max(2.0, x), middle));
    painter.setPen(QPen(colour, scaled(hasFocus() ? 3.0 : 2.0)));
    painter.setBrush(t.surface);
    painter.drawEllipse(QPointF(x, middle), radius(), radius());
}

// The handle jumps to where one presses: a value is one gesture.
void Slider::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    setSliderDown(true);
    setValue(valueAt(event->position().x()));
}

void Slider::mouseMoveEvent(QMouseEvent* event) {
    if (isSliderDown())
        setValue(valueAt(event->position().x()));
}

void Slider::mouseReleaseEvent(QMouseEvent*) {
    setSliderDown(false);
}

void Slider::wheelEvent(QWheelEvent* event) {
    if (hasFocus())
        QSlider::wheelEvent(event);
    else
        event->ignore();
}

} // namespace stillroom
