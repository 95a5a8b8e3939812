// What learns, and what it takes.
#pragma once

#include "widgets/page.h"

namespace stillroom {

class EncoderChoice;
struct EncoderFacts;

class StudentPage : public Page {
    Q_OBJECT
  public:
    explicit StudentPage(RunController* controller, QWidget* parent = nullptr);

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    void showRows();
    void showConsequences();
    void showNgram();
    void showReading();
    void showSizes();
    void showCosts();
    QList<FactList::Fact> encoderCosts(const EncoderFacts& facts) const;
    QList<FactList::Fact> probeCosts(const EncoderFacts& facts) const;

    EncoderChoice* encoder_;
    QLabel* headHeading_;
    QLabel* costsHeading_;
    FactList* costs_;
};

} // namespace stillroom
