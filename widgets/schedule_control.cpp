#include "widgets/schedule_control.h"

#include "core/base/number.h"
#include "core/experiment/experiment.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>

namespace stillroom {
namespace {
// In the order of ScheduleShape.
const QStringList Shapes = {QStringLiteral("constant"), QStringLiteral("linear"), QStringLiteral("cosine"),
                            QStringLiteral("exponential")};
} // namespace

ScheduleControl::ScheduleControl(const SettingSpec& spec, QWidget* parent)
    : SettingControl(parent), from_(new NumberBox), to_(new NumberBox),
      arrow_(new QLabel(QStringLiteral("→"))), shape_(new QComboBox) {
    shape_->addItems({tr("constant"), tr("linear"), tr("cosine"), tr("exponential")});
    shape_->setFocusPolicy(Qt::StrongFocus);
    shape_->setAccessibleName(tr("%1: shape").arg(spec.label));
    from_->setAccessibleName(tr("%1: from").arg(spec.label));
    to_->setAccessibleName(tr("%1: to").arg(spec.label));
    for (auto* box : {from_, to_}) {
        box->setDecimals(6);
        box->setRange(-1e6, 1e6);
        box->setSingleStep(spec.step);
        connect(box, &QDoubleSpinBox::valueChanged, this, [this] { say(); });
    }
    arrow_->setProperty("tone", "muted");
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(4);
    grid->setVerticalSpacing(4);
    grid->addWidget(from_, 0, 0);
    grid->addWidget(arrow_, 0, 1);
    grid->addWidget(to_, 0, 2);
    grid->addWidget(shape_, 1, 0, 1, 3);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(2, 1);
    connect(shape_, &QComboBox::activated, this, [this] {
        showParts();
        say();
    });
    setFocusProxy(from_);
}

void ScheduleControl::showParts() {
    const bool changes = shape_->currentIndex() > 0;
    to_->setVisible(changes);
    arrow_->setVisible(changes);
}

void ScheduleControl::show(const QString& yaml) {
    Experiment scratch;
    if (!setSetting(scratch, "training.learning_rate", yaml.toStdString()))
        return;
    const Schedule& schedule = scratch.training.learningRate;
    const QSignalBlocker quietFrom(from_), quietTo(to_);
    from_->setValue(schedule.from);
    if (schedule.shape != ScheduleShape::Constant)
        to_->setValue(schedule.to);
    shape_->setCurrentIndex(static_cast<int>(schedule.shape));
    showParts();
}

void ScheduleControl::say() {
    const QString from = toQString(writeNumber(from_->value()));
    if (shape_->currentIndex() == 0)
        Q_EMIT edited(from, false);
    else
        Q_EMIT edited(QStringLiteral("{from: %1, to: %2, shape: %3}")
                          .arg(from, toQString(writeNumber(to_->value())), Shapes[shape_->currentIndex()]),
                      false);
}

} // namespace stillroom
