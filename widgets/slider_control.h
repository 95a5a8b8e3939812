// A number by hand and by eye: a slider and the number beside it. One that may change over the run has a sign
// that turns it into a schedule, which is then shown as one.
#pragma once

#include "widgets/number_box.h"
#include "widgets/setting_control.h"
#include "widgets/slider.h"

namespace stillroom {

class ScheduleControl;

class SliderControl : public SettingControl {
    Q_OBJECT
  public:
    SliderControl(const SettingSpec& spec, QWidget* parent);
    void show(const QString& yaml) override;
    void setPlace(const RunPlace& place, bool underWay) override;

  private:
    [[nodiscard]] int toPosition(double value) const;
    [[nodiscard]] double toValue(int position) const;

    SettingSpec spec_;
    QWidget* simple_;
    Slider* slider_;
    NumberBox* number_;
    ScheduleControl* schedule_ = nullptr;
    RunPlace place_{0, 100, 1000};
    bool underWay_ = false;
};

} // namespace stillroom
