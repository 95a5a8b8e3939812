// What the teacher is, and how far it can be trusted.
#pragma once

#include "widgets/page.h"

namespace stillroom {

class EncoderChoice;
class NumberTable;
class SentenceTable;

class TeacherPage : public Page {
    Q_OBJECT
  public:
    explicit TeacherPage(RunController* controller, QWidget* parent = nullptr);

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    void addZeroShot();
    void showRows();
    void showZeroShot();
    void showSentences();
    void showQuality();

    QLabel* note_;
    EncoderChoice* encoder_;
    QLabel* sentencesHeading_ = nullptr;
    QLabel* sentencesNote_ = nullptr;
    SentenceTable* sentences_;
    std::vector<std::string> classes_; ///< those last read: they stay known while the data are read again
    QLabel* heading_;
    QLabel* qualityNote_;
    FactList* facts_;
    NumberTable* perClass_;
};

} // namespace stillroom
