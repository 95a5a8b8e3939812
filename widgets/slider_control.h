// A number by hand and by eye: a slider and the number beside it. A schedule in its place is shown as one.
#pragma once

#include "widgets/number_box.h"
#include "widgets/setting_control.h"
#include "widgets/slider.h"

class QStackedLayout;

namespace stillroom {

class ScheduleControl;

class SliderControl : public SettingControl {
    Q_OBJECT
  public:
    SliderControl(const SettingSpec& spec, QWidget* parent);
    void show(const QString& yaml) override;

  private:
    [[nodiscard]] int toPosition(double value) const;
    [[nodiscard]] double toValue(int position) const;

    SettingSpec spec_;
    QWidget* simple_;
    Slider* slider_;
    NumberBox* number_;
    ScheduleControl* schedule_ = nullptr;
};

} // namespace stillroom
