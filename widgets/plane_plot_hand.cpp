// The plane under a hand: lines are dragged, regions drawn, arrow keys nudge.
#include "widgets/plane_layer.h"
#include "widgets/plane_plot.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

constexpr double Reach = 6; // pixels from a line at which it is taken hold of
constexpr double Click = 3; // pixels: less is no region
constexpr double Nudge = 0.005, Push = 0.05, Touch = 0.001;

/// Thresholds of the student are small, late in training very small: a hand moves them in smaller steps.
double fine(ThresholdSide side) {
    return side == ThresholdSide::Teacher ? 1.0 : 0.2;
}
double grain(ThresholdSide side) {
    return 0.001 * fine(side);
}

} // namespace

QPointF PlanePlot::toAxes(const QPointF& position) const {
    return {canvas()->xAxis->pixelToCoord(position.x()), down(canvas()->yAxis->pixelToCoord(position.y()))};
}

QPointF PlanePlot::pixelOf(double confidence, double uncertainty) const {
    return canvas()->mapTo(this, QPointF(canvas()->xAxis->coordToPixel(confidence),
                                         canvas()->yAxis->coordToPixel(up(uncertainty))));
}

std::optional<QPointF> PlanePlot::gripOf(ThresholdSide side) const {
    for (const auto& line : lines_->lines) {
        if (!line.handle || line.side != side)
            continue;
        const QRectF area = canvas()->axisRect()->rect();
        const QPointF place =
            side == ThresholdSide::Teacher
                ? QPointF(canvas()->xAxis->coordToPixel(line.value), area.bottom() - scaled(17.0))
                : QPointF(area.left() + scaled(17.0), canvas()->yAxis->coordToPixel(line.value));
        if (area.contains(place))
            return canvas()->mapTo(this, place);
    }
    return std::nullopt;
}

std::optional<PlanePlot::Grabbed> PlanePlot::lineAt(const QPointF& position) const {
    if (!canvas()->axisRect()->rect().contains(position.toPoint()))
        return std::nullopt;
    const int chosen = lab_->chosenClass();
    std::optional<Grabbed> found;
    double nearest = scaled(Reach);
    for (const auto& line : lines_->lines) {
        if (!line.handle)
            continue;
        const bool upright = line.side == ThresholdSide::Teacher;
        const double at = (upright ? canvas()->xAxis : canvas()->yAxis)->coordToPixel(line.value);
        const double distance = std::abs((upright ? position.x() : position.y()) - at);
        if (distance > nearest)
            continue;
        nearest = distance;
        found = Grabbed{line.side, chosen, baseOf(line.side, chosen)};
    }
    if (found || chosen >= 0)
        return found;
    // A faint line moves all of them with it: so that the one under the hand is where the hand is.
    const Thresholds supposed = lab_->supposed();
    for (const ThresholdSide side : {ThresholdSide::Teacher, ThresholdSide::Student}) {
        if (!handleOf(side, lab_->baseline()).together || (side == ThresholdSide::Student && stripOnly()))
            continue;
        const bool upright = side == ThresholdSide::Teacher;
        const auto& thresholds = upright ? supposed.teacher : supposed.student;
        const double together = lab_->hypothesis().together[static_cast<std::size_t>(side)];
        for (std::size_t k = 0; k < thresholds.size(); ++k) {
            const double at = upright ? canvas()->xAxis->coordToPixel(thresholds[k])
                                      : canvas()->yAxis->coordToPixel(up(thresholds[k]));
            const double distance = std::abs((upright ? position.x() : position.y()) - at);
            if (distance >= nearest)
                continue;
            nearest = distance;
            found = Grabbed{side, LabModel::AllClasses,
                            lab_->baseline().of(side)[k] * lab_->hypothesis().factor(side, k) / together};
        }
    }
    return found;
}

void PlanePlot::drag(const QPointF& position) {
    if (!grabbed_ || grabbed_->base <= 0)
        return;
    const QPointF at = toAxes(position);
    const bool upright = grabbed_->side == ThresholdSide::Teacher;
    const double low = upright ? canvas()->xAxis->range().lower : 0;
    const double high = upright ? 1.0 : down(canvas()->yAxis->range().upper);
    const double step = grain(grabbed_->side);
    const double wanted = std::round((upright ? at.x() : at.y()) / step) * step;
    Hypothesis hypothesis = lab_->hypothesis();
    // Never to 0: that would be another setting.
    hypothesis.set(grabbed_->side, grabbed_->label,
                   std::max(std::min(wanted, high), std::max(step, low)) / grabbed_->base);
    lab_->suppose(hypothesis);
}

void PlanePlot::nudge(ThresholdSide side, double by) {
    const int label = lab_->chosenClass();
    const Handle handle = handleOf(side, lab_->baseline());
    if (label >= 0 ? !handle.byClass : !handle.together)
        return;
    const double base = baseOf(side, label);
    if (base <= 0)
        return;
    const auto s = static_cast<std::size_t>(side);
    Hypothesis hypothesis = lab_->hypothesis();
    double factor = hypothesis.together[s];
    if (label >= 0)
        factor = hypothesis.factor(side, static_cast<std::size_t>(label)) / factor;
    hypothesis.set(side, label, std::clamp(base * factor + by * fine(side), grain(side), 1.0) / base);
    lab_->suppose(hypothesis);
}

void PlanePlot::showCursor(const QPointF& position, Qt::KeyboardModifiers modifiers) {
    const bool inside = canvas()->axisRect()->rect().contains(position.toPoint());
    if (grabbed_ || brushFrom_)
        return;
    if (!inside || !lab_->table()) {
        unsetCursor();
    } else if (brushing_ || modifiers.testFlag(Qt::ShiftModifier)) {
        setCursor(Qt::CrossCursor);
    } else if (const auto line = lineAt(position)) {
        setCursor(line->side == ThresholdSide::Teacher ? Qt::SplitHCursor : Qt::SplitVCursor);
    } else {
        unsetCursor();
    }
}

void PlanePlot::mousePressEvent(QMouseEvent* event) {
    const QPointF position = canvas()->mapFrom(this, event->position());
    const bool inside = canvas()->axisRect()->rect().contains(position.toPoint());
    if (event->button() != Qt::LeftButton || !inside || !lab_->table()) {
        Plot::mousePressEvent(event);
        return;
    }
    event->accept();
    if (brushing_ || event->modifiers().testFlag(Qt::ShiftModifier)) {
        brushFrom_ = position;
        return;
    }
    grabbed_ = lineAt(position);
    if (!grabbed_ && brush_)
        clearBrush(); // a click beside it
}

void PlanePlot::mouseMoveEvent(QMouseEvent* event) {
    const QPointF position = canvas()->mapFrom(this, event->position());
    if (grabbed_) {
        drag(position);
    } else if (brushFrom_) {
        const QRectF area = canvas()->axisRect()->rect();
        const auto inside = [&](const QPointF& point) {
            return QPointF(std::clamp(point.x(), area.left(), area.right()),
                           std::clamp(point.y(), area.top(), area.bottom()));
        };
        const QPointF a = toAxes(inside(*brushFrom_)), b = toAxes(inside(position));
        QRectF region = QRectF(a, b).normalized();
        if (stripOnly())
            region = QRectF(QPointF(region.left(), 0), QPointF(region.right(), 1));
        brush_ = region.intersected(QRectF(0, 0, 1, 1));
        changed();
    } else {
        showCursor(position, event->modifiers());
        Plot::mouseMoveEvent(event);
    }
}

void PlanePlot::mouseReleaseEvent(QMouseEvent* event) {
    const QPointF position = canvas()->mapFrom(this, event->position());
    if (brushFrom_) {
        const QPointF way = position - *brushFrom_;
        brushFrom_.reset();
        if (std::abs(way.x()) < Click && std::abs(way.y()) < Click)
            brush_.reset();
        changed();
        Q_EMIT brushChanged();
    }
    grabbed_.reset();
    showCursor(position, event->modifiers());
    Plot::mouseReleaseEvent(event);
}

void PlanePlot::setBrushing(bool on) {
    brushing_ = on;
}

void PlanePlot::clearBrush() {
    if (!brush_)
        return;
    brush_.reset();
    changed();
    Q_EMIT brushChanged();
}

void PlanePlot::keyPressEvent(QKeyEvent* event) {
    const double step = event->modifiers().testFlag(Qt::ShiftModifier)     ? Push
                        : event->modifiers().testFlag(Qt::ControlModifier) ? Touch
                                                                           : Nudge;
    switch (event->key()) {
    case Qt::Key_Left:
        nudge(ThresholdSide::Teacher, -step);
        break;
    case Qt::Key_Right:
        nudge(ThresholdSide::Teacher, step);
        break;
    case Qt::Key_Down:
        nudge(ThresholdSide::Student, -step);
        break;
    case Qt::Key_Up:
        nudge(ThresholdSide::Student, step);
        break;
    case Qt::Key_Escape:
        if (brush_)
            clearBrush();
        else
            lab_->forget();
        break;
    default:
        Plot::keyPressEvent(event);
        return;
    }
    event->accept();
}

} // namespace stillroom
