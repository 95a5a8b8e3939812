// A number that may change over the run, drawn and typed: the curve, from, to, how, over what, after which
// warm-up.
#pragma once

#include "core/base/schedule.h"
#include "widgets/number_box.h"
#include "widgets/setting_control.h"

#include <optional>

class QComboBox;
class QLabel;

namespace stillroom {

class ScheduleCurve;

/// As a setting's YAML, and back. Nothing for what is no schedule and no number.
[[nodiscard]] std::optional<Schedule> scheduleOf(const QString& yaml);
[[nodiscard]] QString yamlOf(const Schedule& schedule);

class ScheduleControl : public SettingControl {
    Q_OBJECT
  public:
    ScheduleControl(const SettingSpec& spec, QWidget* parent);
    void show(const QString& yaml) override;
    void setPlace(const RunPlace& place, bool underWay) override;
    [[nodiscard]] ScheduleCurve* curve() const { return curve_; }

  private:
    /// A length in epochs or steps, or neither.
    struct Span {
        QLabel* name;
        NumberBox* length;
        QComboBox* unit; ///< the first: none
    };
    Span makeSpan(const QString& name, const QString& none, const QString& accessible);
    void showSpan(const Span& shown, const ScheduleSpan& span);
    [[nodiscard]] ScheduleSpan spanOf(const Span& shown) const;
    void say();
    void chooseShape();
    void chooseUnit(const Span& span);
    void showParts();

    Schedule schedule_;
    RunPlace place_{0, 100, 1000};
    ScheduleCurve* curve_;
    NumberBox* from_;
    NumberBox* to_;
    QLabel* arrow_;
    QComboBox* shape_;
    QLabel* stairsName_;
    NumberBox* stairs_;
    Span over_, warmup_;
    bool mayWarmUp_;
};

} // namespace stillroom
