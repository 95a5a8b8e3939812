// How the student learns: loss, epochs, batch, learning rate, and on what.
#pragma once

#include "widgets/page.h"

namespace stillroom {

class TrainingPage : public Page {
    Q_OBJECT
  public:
    explicit TrainingPage(RunController* controller, QWidget* parent = nullptr);

  private:
    void offerDevices();
    void showRows();
};

} // namespace stillroom
