// A number that may change over the run: from, to, and how.
#pragma once

#include "widgets/number_box.h"
#include "widgets/setting_control.h"

class QComboBox;
class QLabel;

namespace stillroom {

class ScheduleControl : public SettingControl {
    Q_OBJECT
  public:
    ScheduleControl(const SettingSpec& spec, QWidget* parent);
    void show(const QString& yaml) override;

  private:
    void say();
    void showParts();

    NumberBox* from_;
    NumberBox* to_;
    QLabel* arrow_;
    QComboBox* shape_;
};

} // namespace stillroom
