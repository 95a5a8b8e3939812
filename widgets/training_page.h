// How the student learns: loss, epochs, batch, learning rate, when to stop, and on what.
#pragma once

#include "widgets/page.h"

namespace stillroom {

class Fold;

class TrainingPage : public Page {
    Q_OBJECT
  public:
    explicit TrainingPage(RunController* controller, QWidget* parent = nullptr);

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    void offerDevices();
    void showRows();
    void showLoss();
    void showOptimizer();
    void showMachine();
    void showLearning();
    void showBudgets();
    void say(const QString& key, const QString& consequence);

    Fold* further_;
};

} // namespace stillroom
