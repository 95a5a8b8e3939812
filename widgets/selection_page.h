// Which samples teach: the rule, the settings that it uses, and what they lead to.
#pragma once

#include "widgets/page.h"

class QComboBox;
class QToolButton;

namespace stillroom {

class AppliedNow;
class LabModel;

class SelectionPage : public Page {
    Q_OBJECT
  public:
    /// Without a lab there is no "If applied now".
    explicit SelectionPage(RunController* controller, LabModel* lab = nullptr, QWidget* parent = nullptr);

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

  private:
    /// A name and a box of choices that is no single setting.
    QWidget* addChoice(const QString& name, const QStringList& choices, QComboBox*& box);
    void addFurther();
    /// A heading and a panel under it: words, and a warning.
    struct Said {
        QLabel* heading;
        QFrame* panel;
        QLabel* words;
        QLabel* warning;
        void say(const QString& text, const QString& thinnest) const; ///< nothing: the panel goes away
    };
    Said addSaid(const QString& heading);
    void showRows();
    void showRule();
    void showConsequences();
    void showCutAndRatio();
    void showRecent();
    void showApplied();
    void lockRule();
    void chooseCutOrRatio(bool cut);
    void chooseMoving(int which);

    QWidget* cutOrRatio_;
    QComboBox* cutBy_;
    QWidget* moving_; ///< llkd: what its thresholds are
    QComboBox* movingBy_;
    QWidget* further_;
    QWidget* furtherLink_;
    QToolButton* furtherButton_;
    Said appliedSaid_, recentSaid_;
    AppliedNow* applied_ = nullptr;
};

} // namespace stillroom
