// How a run is to go on: to its end, for more epochs, or on another way from one of its checkpoints. Asks for
// the run and for what is needed, and plans it.
#pragma once

#include "core/experiment/resume.h"
#include "widgets/background.h"
#include "widgets/latest_job.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace stillroom {

class RunFolderLine;
enum class GoOn { Resume, Extend, Branch };

/// GUI thread; runs are read by a worker. Deletes itself when it is closed.
class GoOnDialog : public QDialog {
    Q_OBJECT
  public:
    /// `runFolder`: to begin with, may be empty; `runsFolder`: where a run is looked for. `window`: the
    /// experiment that the window shows, whose settings a branch may take.
    GoOnDialog(GoOn how, const QString& runFolder, QString runsFolder, Experiment window,
               QWidget* parent = nullptr);
    ~GoOnDialog() override;

    void chooseRun(const QString& folder);
    [[nodiscard]] QPushButton* goButton() const { return go_; }
    [[nodiscard]] QSpinBox* epochs() const { return epochs_; }            ///< null but of Extend
    [[nodiscard]] QComboBox* checkpoints() const { return checkpoints_; } ///< null but of Branch
    [[nodiscard]] QCheckBox* takesSettings() const { return takes_; }     ///< null but of Branch
    [[nodiscard]] QString facts() const;                                  ///< what is said of the run
    [[nodiscard]] QString problem() const; ///< why it cannot be done; empty: nothing is known

  Q_SIGNALS:
    /// Accepted; the dialog is closing.
    void planned(const stillroom::ResumePlan& plan);

  private:
    struct Facts;
    void read();
    void tell(const Facts& facts);
    void go();
    void refuse(const QString& why);
    [[nodiscard]] std::optional<std::int64_t> step() const;

    const GoOn how_;
    const Experiment window_;
    SettingChanges changes_; ///< that a branch takes from the window
    RunFolderLine* run_;
    QLabel* facts_;
    QLabel* problem_;
    QSpinBox* epochs_ = nullptr;
    QComboBox* checkpoints_ = nullptr;
    QCheckBox* takes_ = nullptr;
    QLabel* differences_ = nullptr;
    QPushButton* go_;
    Background pool_{1};
    LatestJob reading_{pool_};
};

} // namespace stillroom
