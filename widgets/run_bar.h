// The tool bar: run, pause, step, stop, the device, whose experiment this is, and how far it is.
#pragma once

#include "widgets/reading_parts.h"
#include "widgets/run_state.h"

#include <QFrame>
#include <array>
#include <memory>

class QAction;
class QComboBox;
class QLabel;
class QTimer;
class QToolButton;

namespace stillroom {

class ElidedLabel;
class Progress;
class ProgressPill;
class RunController;

/// The actions with their shortcuts; the window's menus show them too. They follow the controller's state.
class RunBar : public QFrame {
    Q_OBJECT
  public:
    explicit RunBar(RunController* controller, QWidget* parent = nullptr);
    [[nodiscard]] QAction* runAction() const { return actions_[0]; }
    [[nodiscard]] QToolButton* runButton() const { return buttons_[0]; }
    [[nodiscard]] QAction* pauseAction() const { return actions_[1]; }
    [[nodiscard]] QAction* stepAction() const { return actions_[2]; }
    [[nodiscard]] QAction* stopAction() const { return actions_[3]; }

  protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    void addDevice();
    void addProgress();
    void updateActions();
    void updateName();
    void updateDevices();
    void updateProgress();
    /// What the pill and the two labels beside it say.
    struct Said {
        double share = 0;
        QString words, speed, left;
    };
    [[nodiscard]] Said loadingSaid();
    [[nodiscard]] Said startingSaid() const;
    [[nodiscard]] Said runSaid() const;
    void colourIcons();

    RunController* controller_;
    std::array<QAction*, 4> actions_{};
    std::array<QToolButton*, 4> buttons_{};
    QComboBox* device_;
    ElidedLabel* name_;
    QLabel* saved_;
    ProgressPill* pill_;
    QLabel* speed_;
    QLabel* left_;
    QToolButton* cancel_;
    QTimer* loadTimer_;
    ReadingParts parts_;
    std::shared_ptr<const Progress> reading_; ///< what they are parts of
};

/// Seconds without tenths, rounded up: what is left is only guessed.
[[nodiscard]] QString roughly(double seconds);

} // namespace stillroom
