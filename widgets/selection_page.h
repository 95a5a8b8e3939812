// Which samples teach: the rule, the settings that it uses, and what they lead to.
#pragma once

#include "widgets/page.h"

class QComboBox;

namespace stillroom {

class SelectionPage : public Page {
    Q_OBJECT
  public:
    explicit SelectionPage(RunController* controller, QWidget* parent = nullptr);

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    void addFurther();
    void showRows();
    void showConsequences();
    void showRecent();
    void lockRule();
    void chooseCutOrRatio(bool cut);

    QWidget* cutOrRatio_;
    QComboBox* cutBy_;
    QWidget* further_;
    QWidget* furtherLink_;
    QLabel* recentHeading_;
    QFrame* recentBox_;
    QLabel* recent_;
    QLabel* thinnest_;
};

} // namespace stillroom
