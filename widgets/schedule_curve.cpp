#include "widgets/schedule_curve.h"

#include "widgets/text.h"
#include "widgets/theme.h"

#include "core/base/number.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

// At a desk.
constexpr double Radius = 5;
constexpr double Margin = 8; // around the curve, so that a handle at its end is whole
constexpr int Height = 58;
constexpr int Points = 120;

} // namespace

ScheduleCurve::ScheduleCurve(double low, double high, QWidget* parent)
    : QWidget(parent), low_(low), high_(high) {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMouseTracking(true);
    axis_ = fittingAxis();
}

QSize ScheduleCurve::sizeHint() const {
    return {scaled(180), scaled(Height)};
}
QSize ScheduleCurve::minimumSizeHint() const {
    return {scaled(80), scaled(Height)};
}

void ScheduleCurve::setSchedule(const Schedule& schedule) {
    schedule_ = schedule;
    if (!changes())
        active_ = End::From;
    if (!dragging_ && !keying_) // under the hand the scale stands still
        axis_ = fittingAxis();
    setAccessibleDescription(changes() ? tr("from %1 to %2").arg(schedule.from).arg(schedule.to)
                                       : tr("constant, %1").arg(schedule.from));
    update();
}

void ScheduleCurve::setPlace(const RunPlace& place, bool underWay) {
    place_ = place;
    underWay_ = underWay;
    update();
}

ScheduleCurve::Axis ScheduleCurve::fittingAxis() const {
    double least = std::min(schedule_.from, changes() ? schedule_.to : schedule_.from);
    double most = std::max(schedule_.from, changes() ? schedule_.to : schedule_.from);
    if (schedule_.warmup.length > 0)
        least = std::min(least, 0.0);
    if (most - least < 1e-12) {
        const double room = most == 0 ? 1 : std::abs(most);
        return {std::max(low_, least - room), std::min(high_, most + room)};
    }
    const double span = most - least;
    // Zero belongs to the picture unless all happens far from it, as a memory of 0.99 to 0.999 does.
    if (least > 0 && least < span * 2)
        least = 0;
    return {std::max(std::min(low_, least), least - (least == 0 ? 0 : 0.25 * span)),
            std::max(most, std::min(high_, most + 0.25 * span))};
}

double ScheduleCurve::endStep(End end) const {
    const double warm = schedule_.warmup.steps(place_);
    if (end == End::From)
        return std::min(warm, place_.totalSteps);
    const double over = schedule_.over.length == 0 ? place_.totalSteps : warm + schedule_.over.steps(place_);
    return std::min(over, place_.totalSteps);
}

double ScheduleCurve::valueAt(double step) const {
    return schedule_.at({step, place_.stepsPerEpoch, place_.totalSteps});
}

QRectF ScheduleCurve::area() const {
    const double margin = scaled(Margin);
    return QRectF(rect()).adjusted(margin, margin, -margin, -margin);
}

QPointF ScheduleCurve::toPixels(double step, double value) const {
    const QRectF box = area();
    const double across = place_.totalSteps > 0 ? step / place_.totalSteps : 0;
    const double up = (value - axis_.low) / std::max(1e-300, axis_.high - axis_.low);
    return {box.left() + std::clamp(across, 0.0, 1.0) * box.width(),
            box.bottom() - std::clamp(up, 0.0, 1.0) * box.height()};
}

QPointF ScheduleCurve::handle(End end) const {
    return toPixels(endStep(end), end == End::From || !changes() ? schedule_.from : schedule_.to);
}

void ScheduleCurve::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hasFocus() ? t.accent : t.hairline);
    painter.setBrush(t.field);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), scaled(double{Corner}),
                            scaled(double{Corner}));
    const QRectF box = area();
    if (axis_.low <= 0 && axis_.high > 0) {
        painter.setPen(QPen(t.grid, scaled(1.0)));
        const double zero = toPixels(0, 0).y();
        painter.drawLine(QPointF(box.left(), zero), QPointF(box.right(), zero));
    }
    QPainterPath line;
    // Ends of stairs and ramps are corners: they are points of their own.
    std::vector<double> steps = {endStep(End::From), endStep(End::To)};
    for (int i = 0; i <= Points; ++i)
        steps.push_back(place_.totalSteps * i / Points);
    std::sort(steps.begin(), steps.end());
    double before = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const double value = valueAt(steps[i]);
        if (i == 0)
            line.moveTo(toPixels(steps[i], value));
        else if (schedule_.shape == ScheduleShape::Step && value != before && steps[i] > endStep(End::From))
            line.lineTo(toPixels(steps[i], before)); // a riser is upright
        line.lineTo(toPixels(steps[i], value));
        before = value;
    }
    QPainterPath under = line;
    under.lineTo(box.bottomRight());
    under.lineTo(box.bottomLeft());
    const QColor colour = isEnabled() ? t.accent : t.axis;
    painter.fillPath(under, t.accentSoft);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colour, scaled(2.0)));
    painter.drawPath(line);
    if (underWay_) {
        // A budget may be nearer its end than the steps are: what follows the whole run follows that.
        const bool whole = schedule_.over.length == 0;
        const double step = whole ? std::max(place_.step, place_.spent * place_.totalSteps) : place_.step;
        const QPointF now = toPixels(step, schedule_.at(place_));
        painter.setPen(QPen(t.muted, scaled(1.0), Qt::DashLine));
        painter.drawLine(QPointF(now.x(), box.top()), QPointF(now.x(), box.bottom()));
        painter.setPen(Qt::NoPen);
        painter.setBrush(t.text);
        painter.drawEllipse(now, scaled(3.0), scaled(3.0));
    }
    if (!isEnabled())
        return;
    painter.setBrush(t.surface);
    for (const End end : {End::From, End::To}) {
        if (end == End::To && !changes())
            break;
        const bool chosen = hasFocus() && end == active_;
        painter.setPen(QPen(colour, scaled(chosen ? 3.0 : 1.8)));
        painter.drawEllipse(handle(end), scaled(Radius), scaled(Radius));
    }
}

// ── the hand ────────────────────────────────────────────────────────────────────────────────────────────

double ScheduleCurve::snapped(double value) const {
    const double unit = std::pow(10, std::floor(std::log10(std::max(1e-9, axis_.high - axis_.low))) - 2);
    const double bounded = std::clamp(std::round(value / unit) * unit, low_, high_);
    return std::round(bounded * 1e9) / 1e9;
}

void ScheduleCurve::move(double value) {
    double wanted = snapped(value);
    if (schedule_.shape == ScheduleShape::Exponential && wanted <= 0)
        return; // it has no way to zero
    const double present = active_ == End::From ? schedule_.from : schedule_.to;
    if (wanted != present)
        Q_EMIT moved(active_, wanted);
}

void ScheduleCurve::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    // The nearer of the two, wherever one presses: the curve is small.
    const auto away = [&](End end) {
        return std::abs(handle(end).x() - event->position().x()) +
               0.3 * std::abs(handle(end).y() - event->position().y());
    };
    active_ = changes() && away(End::To) < away(End::From) ? End::To : End::From;
    dragging_ = true;
    update();
}

void ScheduleCurve::mouseMoveEvent(QMouseEvent* event) {
    if (!dragging_) {
        bool over = false;
        for (const End end : {End::From, End::To})
            over = over || (handle(end) - event->position()).manhattanLength() < scaled(2 * Radius);
        setCursor(over ? Qt::SizeVerCursor : Qt::ArrowCursor);
        return;
    }
    const QRectF box = area();
    const double up = (box.bottom() - event->position().y()) / std::max(1.0, box.height());
    move(axis_.low + std::clamp(up, 0.0, 1.0) * (axis_.high - axis_.low));
}

void ScheduleCurve::mouseReleaseEvent(QMouseEvent*) {
    endGesture();
}

void ScheduleCurve::keyPressEvent(QKeyEvent* event) {
    const double span = axis_.high - axis_.low;
    const double present = active_ == End::From ? schedule_.from : schedule_.to;
    double by = 0;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        active_ = event->key() == Qt::Key_Right && changes() ? End::To : End::From;
        update();
        return;
    case Qt::Key_Up:
        by = 0.02;
        break;
    case Qt::Key_Down:
        by = -0.02;
        break;
    case Qt::Key_PageUp:
        by = 0.1;
        break;
    case Qt::Key_PageDown:
        by = -0.1;
        break;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    keying_ = true; // a key that is held down is one gesture
    move(present + by * span);
}

void ScheduleCurve::keyReleaseEvent(QKeyEvent* event) {
    if (!event->isAutoRepeat())
        endGesture();
    QWidget::keyReleaseEvent(event);
}

void ScheduleCurve::focusOutEvent(QFocusEvent* event) {
    endGesture();
    QWidget::focusOutEvent(event);
    update();
}

void ScheduleCurve::endGesture() {
    if (!dragging_ && !keying_)
        return;
    dragging_ = keying_ = false;
    axis_ = fittingAxis();
    update();
    Q_EMIT gestureEnded();
}

bool ScheduleCurve::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QRectF box = area();
    const double share = std::clamp((help->pos().x() - box.left()) / std::max(1.0, box.width()), 0.0, 1.0);
    const double step = share * place_.totalSteps;
    QToolTip::showText(
        help->globalPos(),
        tr("epoch %1: %2\nDrag an end up or down, or choose it with ← → and move it with ↑ ↓.")
            .arg(fixed(step / place_.stepsPerEpoch, 1), toQString(writeNumber(snapped(valueAt(step))))),
        this);
    return true;
}

} // namespace stillroom
