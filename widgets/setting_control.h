// The controls behind setting rows. Each shows a YAML value and says what it was turned into; none knows the
// experiment.
#pragma once

#include "core/base/schedule.h"
#include "widgets/setting_spec.h"

#include <QWidget>

namespace stillroom {

class SettingControl : public QWidget {
    Q_OBJECT
  public:
    using QWidget::QWidget;
    /// Shows it without a word (no `edited`).
    virtual void show(const QString& yaml) = 0;
    using QWidget::show;
    /// Columns found in the files, devices found in the machine: for those who offer them.
    virtual void offer(const QStringList&) {}
    virtual void setWrong(bool) {}
    /// What an empty control says.
    virtual void setPlaceholder(const QString&) {}
    /// The run that schedules are drawn over; `underWay`: it stands at `place`.
    virtual void setPlace(const RunPlace&, bool) {}

  Q_SIGNALS:
    /// `dragging`: one of many values of a gesture that is not over.
    void edited(const QString& yaml, bool dragging);
    void gestureEnded();
};

/// The control that suits a setting and its present value.
[[nodiscard]] SettingControl* makeControl(const SettingSpec& spec, QWidget* parent);

} // namespace stillroom
