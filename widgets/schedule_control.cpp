#include "widgets/schedule_control.h"

#include "core/base/check_schedule.h"
#include "core/experiment/experiment.h"
#include "widgets/schedule_curve.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

// Any setting that is a schedule reads and writes like any other.
constexpr const char* AnySchedule = "training.learning_rate";

NumberBox* box(double low, double high, double step, int decimals) {
    auto* made = new NumberBox;
    made->setDecimals(decimals);
    made->setRange(low, high);
    made->setSingleStep(step);
    return made;
}

} // namespace

std::optional<Schedule> scheduleOf(const QString& yaml) {
    Experiment scratch;
    if (!setSetting(scratch, AnySchedule, yaml.toStdString()))
        return std::nullopt;
    return scratch.training.learningRate;
}

QString yamlOf(const Schedule& schedule) {
    Experiment scratch;
    scratch.training.learningRate = schedule;
    return toQString(settingValue(scratch, AnySchedule));
}

ScheduleControl::ScheduleControl(const SettingSpec& spec, QWidget* parent)
    : SettingControl(parent), curve_(new ScheduleCurve(spec.low, spec.high)),
      from_(box(-1e6, 1e6, spec.step, 6)), to_(box(-1e6, 1e6, spec.step, 6)),
      arrow_(new QLabel(QStringLiteral("→"))), shape_(new QComboBox), stairsName_(new QLabel(tr("levels"))),
      stairs_(box(2, MaxStairs, 1, 0)), mayWarmUp_(spec.warmup) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    curve_->setAccessibleName(tr("%1: curve").arg(spec.label));
    column->addWidget(curve_);
    auto* values = new QHBoxLayout;
    values->setSpacing(4);
    values->addWidget(from_, 1);
    values->addWidget(arrow_);
    values->addWidget(to_, 1);
    column->addLayout(values);
    shape_->addItems({tr("constant"), tr("linear"), tr("cosine"), tr("exponential"), tr("step")});
    shape_->setFocusPolicy(Qt::StrongFocus);
    auto* shapes = new QHBoxLayout;
    shapes->setSpacing(4);
    shapes->addWidget(shape_, 1);
    shapes->addWidget(stairsName_);
    shapes->addWidget(stairs_);
    column->addLayout(shapes);
    over_ = makeSpan(tr("over"), tr("whole run"), tr("%1: over").arg(spec.label));
    warmup_ = makeSpan(tr("warm-up"), tr("none"), tr("%1: warm-up").arg(spec.label));

    shape_->setAccessibleName(tr("%1: shape").arg(spec.label));
    from_->setAccessibleName(tr("%1: from").arg(spec.label));
    to_->setAccessibleName(tr("%1: to").arg(spec.label));
    stairs_->setAccessibleName(tr("%1: levels").arg(spec.label));
    stairs_->setMinimumWidth(44);
    for (auto* muted : {arrow_, stairsName_})
        muted->setProperty("tone", "muted");
    stairsName_->setFont(textFont(TextSize::Note));
    for (auto* number : {from_, to_, stairs_, over_.length, warmup_.length})
        connect(number, &QDoubleSpinBox::valueChanged, this, [this] { say(); });
    connect(shape_, &QComboBox::activated, this, &ScheduleControl::chooseShape);
    connect(curve_, &ScheduleCurve::moved, this, [this](ScheduleCurve::End end, double value) {
        Schedule wanted = schedule_;
        (end == ScheduleCurve::End::From ? wanted.from : wanted.to) = value;
        if (wanted.shape == ScheduleShape::Constant)
            wanted.to = wanted.from;
        Q_EMIT edited(yamlOf(wanted), true);
    });
    connect(curve_, &ScheduleCurve::gestureEnded, this, &SettingControl::gestureEnded);
    setFocusProxy(from_);
    showParts();
}

ScheduleControl::Span ScheduleControl::makeSpan(const QString& name, const QString& none,
                                                const QString& accessible) {
    Span span{new QLabel(name), box(0, 1e9, 1, 3), new QComboBox};
    span.name->setProperty("tone", "muted");
    span.name->setFont(textFont(TextSize::Note));
    span.unit->addItems({none, tr("epochs"), tr("steps")});
    span.unit->setFocusPolicy(Qt::StrongFocus);
    span.unit->setAccessibleName(tr("%1, unit").arg(accessible));
    span.length->setAccessibleName(accessible);
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    // Name, length and unit share a narrow line: the unit is read in full, the length has room for 0.25.
    for (QWidget* small : {static_cast<QWidget*>(span.unit), static_cast<QWidget*>(span.length)})
        small->setFont(textFont(TextSize::Note));
    span.unit->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    span.unit->setMinimumContentsLength(6);
    span.length->setMinimumWidth(34);
    row->addWidget(span.name);
    row->addWidget(span.length, 1);
    row->addWidget(span.unit, 2);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
    connect(span.unit, &QComboBox::activated, this, [this, span] { chooseUnit(span); });
    return span;
}

void ScheduleControl::showSpan(const Span& shown, const ScheduleSpan& span) {
    const QSignalBlocker quiet(shown.length);
    shown.unit->setCurrentIndex(span.length == 0 ? 0 : span.unit == ScheduleUnit::Epochs ? 1 : 2);
    shown.length->setValue(span.length);
}

ScheduleSpan ScheduleControl::spanOf(const Span& shown) const {
    if (shown.unit->currentIndex() == 0)
        return {};
    return {shown.length->value(),
            shown.unit->currentIndex() == 1 ? ScheduleUnit::Epochs : ScheduleUnit::Steps};
}

void ScheduleControl::chooseUnit(const Span& span) {
    // Another unit is the same length in it; where there was none, a tenth of the run, or half of it.
    const QSignalBlocker quiet(span.length);
    const ScheduleSpan before = span.length == over_.length ? schedule_.over : schedule_.warmup;
    double steps = before.steps(place_);
    if (steps <= 0)
        steps = place_.totalSteps * (span.length == over_.length ? 0.5 : 0.1);
    if (span.unit->currentIndex() == 1)
        span.length->setValue(std::max(0.1, std::round(10 * steps / place_.stepsPerEpoch) / 10));
    else if (span.unit->currentIndex() == 2)
        span.length->setValue(std::max(1.0, std::round(steps)));
    showParts();
    say();
}

void ScheduleControl::chooseShape() {
    const auto shape = static_cast<ScheduleShape>(shape_->currentIndex());
    const QSignalBlocker quietFrom(from_), quietTo(to_);
    if (schedule_.shape == ScheduleShape::Constant)
        to_->setValue(from_->value());
    if (shape == ScheduleShape::Exponential) { // it never reaches zero
        const double most = std::max(from_->value(), to_->value());
        for (auto* number : {from_, to_})
            if (number->value() <= 0)
                number->setValue(most > 0 ? most / 100 : 0.01);
    }
    showParts();
    say();
}

void ScheduleControl::showParts() {
    const bool changes = shape_->currentIndex() > 0;
    to_->setVisible(changes);
    arrow_->setVisible(changes);
    const bool stairs = shape_->currentIndex() == static_cast<int>(ScheduleShape::Step);
    stairs_->setVisible(stairs);
    stairsName_->setVisible(stairs);
    over_.name->setVisible(changes);
    over_.unit->setVisible(changes);
    over_.length->setVisible(changes && over_.unit->currentIndex() > 0);
    warmup_.name->setVisible(mayWarmUp_);
    warmup_.unit->setVisible(mayWarmUp_);
    warmup_.length->setVisible(mayWarmUp_ && warmup_.unit->currentIndex() > 0);
}

void ScheduleControl::show(const QString& yaml) {
    const auto read = scheduleOf(yaml);
    if (!read)
        return;
    schedule_ = *read;
    const QSignalBlocker quietFrom(from_), quietTo(to_), quietStairs(stairs_);
    from_->setValue(schedule_.from);
    to_->setValue(schedule_.shape == ScheduleShape::Constant ? schedule_.from : schedule_.to);
    shape_->setCurrentIndex(static_cast<int>(schedule_.shape));
    stairs_->setValue(schedule_.stairs);
    showSpan(over_, schedule_.over);
    showSpan(warmup_, schedule_.warmup);
    curve_->setSchedule(schedule_);
    showParts();
}

void ScheduleControl::setPlace(const RunPlace& place, bool underWay) {
    place_ = place;
    curve_->setPlace(place, underWay);
}

void ScheduleControl::say() {
    Schedule wanted;
    wanted.shape = static_cast<ScheduleShape>(shape_->currentIndex());
    wanted.from = from_->value();
    wanted.to = wanted.shape == ScheduleShape::Constant ? wanted.from : to_->value();
    if (wanted.shape == ScheduleShape::Step)
        wanted.stairs = static_cast<int>(stairs_->value());
    if (wanted.shape != ScheduleShape::Constant)
        wanted.over = spanOf(over_);
    wanted.warmup = spanOf(warmup_);
    Q_EMIT edited(yamlOf(wanted), false);
}

} // namespace stillroom
