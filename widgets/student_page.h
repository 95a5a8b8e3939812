// What learns.
#pragma once

#include "widgets/page.h"

namespace stillroom {

class StudentPage : public Page {
    Q_OBJECT
  public:
    explicit StudentPage(RunController* controller, QWidget* parent = nullptr);

  private:
    void showConsequences();
};

} // namespace stillroom
