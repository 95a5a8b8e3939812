// What the teacher is, and how far it can be trusted.
#pragma once

#include "widgets/page.h"

namespace stillroom {

class NumberTable;

class TeacherPage : public Page {
    Q_OBJECT
  public:
    explicit TeacherPage(RunController* controller, QWidget* parent = nullptr);

  private:
    void showRows();
    void showQuality();

    QLabel* note_;
    QLabel* heading_;
    QLabel* qualityNote_;
    FactList* facts_;
    NumberTable* classes_;
};

} // namespace stillroom
