#include "widgets/slider_control.h"

#include "core/base/number.h"
#include "widgets/glyph_button.h"
#include "widgets/schedule_control.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QVBoxLayout>
#include <cmath>

namespace stillroom {
namespace {
constexpr int MemoryPositions = 400; // λ from 0 to 0.9999, a hundred a decade of 1/(1 − λ)
}

SliderControl::SliderControl(const SettingSpec& spec, QWidget* parent)
    : SettingControl(parent), spec_(spec), simple_(new QWidget), slider_(new Slider), number_(new NumberBox) {
    if (spec.scale == SettingSpec::Scale::Memory)
        slider_->setRange(0, MemoryPositions);
    else
        slider_->setRange(0, static_cast<int>(std::lround((spec.high - spec.low) / spec.step)));
    slider_->setPageStep(std::max(1, slider_->maximum() / 10));
    slider_->setAccessibleName(spec.label);
    number_->setDecimals(spec.decimals);
    number_->setFixedDecimals(spec.scale == SettingSpec::Scale::Linear);
    // The slider covers what is usual; what is typed may go beyond it, and the experiment's own check
    // decides.
    number_->setRange(std::min(spec.low, -1e6), 1e6);
    number_->setSingleStep(spec.step);
    number_->setPrefix(spec.prefix);
    number_->setAccessibleName(spec.label);
    const QString widest =
        QStringLiteral("0.") + QString(number_->decimals(), QLatin1Char('0')) + QStringLiteral("0");
    number_->setFixedWidth(atDesk(number_->fontMetrics().horizontalAdvance(spec.prefix + widest)) + 14);
    auto* row = new QHBoxLayout(simple_);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(slider_, 1);
    row->addWidget(number_);
    if (spec.schedulable) {
        auto* change = new GlyphButton(Glyph::Curve);
        change->setToolTip(tr("Let it change over the run"));
        change->setAccessibleName(tr("%1: let it change over the run").arg(spec.label));
        connect(change, &QToolButton::clicked, this, [this] {
            const double value = number_->value();
            Q_EMIT edited(yamlOf(Schedule(value, value, ScheduleShape::Linear)), false);
        });
        row->addWidget(change);
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(simple_);
    setFocusProxy(slider_);

    connect(slider_, &QSlider::valueChanged, this, [this](int position) {
        const double value = toValue(position);
        {
            const QSignalBlocker quiet(number_);
            number_->setValue(value);
        }
        Q_EMIT edited(toQString(writeNumber(value)), slider_->isSliderDown());
    });
    connect(slider_, &QSlider::sliderReleased, this, &SettingControl::gestureEnded);
    connect(number_, &QDoubleSpinBox::valueChanged, this,
            [this](double value) { Q_EMIT edited(toQString(writeNumber(value)), false); });
}

int SliderControl::toPosition(double value) const {
    if (spec_.scale == SettingSpec::Scale::Memory)
        return static_cast<int>(std::lround(-std::log10(std::max(1e-4, 1 - value)) * MemoryPositions / 4));
    return static_cast<int>(std::lround((value - spec_.low) / spec_.step));
}

double SliderControl::toValue(int position) const {
    if (spec_.scale != SettingSpec::Scale::Memory) {
        const double value = spec_.low + position * spec_.step;
        return std::round(value * 1e6) / 1e6;
    }
    const double exact = 1 - std::pow(10, -4.0 * position / MemoryPositions);
    // Two digits of 1 − λ are enough, and 0.99 is 0.99.
    const double rest = 1 - exact;
    const double unit = std::pow(10, std::floor(std::log10(rest)) - 1);
    return std::round((1 - std::round(rest / unit) * unit) * 1e6) / 1e6;
}

void SliderControl::show(const QString& yaml) {
    const auto value = readNumber(yaml.toStdString());
    const bool schedule = yaml.startsWith(u'{');
    if (schedule && schedule_ == nullptr) {
        schedule_ = new ScheduleControl(spec_, this);
        layout()->addWidget(schedule_);
        connect(schedule_, &SettingControl::edited, this, &SettingControl::edited);
        connect(schedule_, &SettingControl::gestureEnded, this, &SettingControl::gestureEnded);
        schedule_->setPlace(place_, underWay_);
    }
    simple_->setVisible(!schedule);
    if (schedule_ != nullptr) {
        schedule_->setVisible(schedule);
        if (schedule)
            schedule_->show(yaml);
    }
    if (!value)
        return;
    const QSignalBlocker quietSlider(slider_), quietNumber(number_);
    number_->setValue(*value);
    if (!slider_->isSliderDown())
        slider_->setValue(toPosition(*value));
}

void SliderControl::setPlace(const RunPlace& place, bool underWay) {
    place_ = place;
    underWay_ = underWay;
    if (schedule_ != nullptr)
        schedule_->setPlace(place, underWay);
}

} // namespace stillroom
