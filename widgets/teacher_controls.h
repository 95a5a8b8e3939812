// What the Teacher tab lets one turn: how confidences are corrected, and a simulated teacher's sliders.
#pragma once

#include <QFrame>
#include <QHash>

class QBoxLayout;
class QLabel;

namespace stillroom {

class RunController;
class SettingRow;
class TeacherModel;

/// What a calibration was fitted on, and on what it is measured; what it would be fitted on where there is
/// none. `model`: may be null, then nothing is known of what came of it.
[[nodiscard]] QString calibrationNote(const RunController& controller, const TeacherModel* model);

/// GUI thread. Settings are the document's, as on the Teacher page.
class TeacherControls : public QFrame {
    Q_OBJECT
  public:
    TeacherControls(RunController* controller, TeacherModel* model, QWidget* parent = nullptr);

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    QWidget* makeColumn(const QString& title, QLabel* note, std::initializer_list<const char*> keys);
    void refresh();
    void arrange();

    RunController* controller_;
    TeacherModel* model_;
    QHash<QString, SettingRow*> rows_;
    QLabel* calibrationNote_;
    QLabel* besideNote_; ///< the same where there is room beside the settings
    QLabel* simulatorNote_;
    QWidget* simulator_;
    QBoxLayout* columns_;
};

} // namespace stillroom
