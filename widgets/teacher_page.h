// What the teacher is, how it is asked where it is an LLM, and how far it can be trusted.
#pragma once

#include "widgets/page.h"

namespace stillroom {

class EncoderChoice;
class Fold;
class LabellingJob;
class LabellingPanel;
class NumberTable;
class SentenceTable;

class TeacherPage : public Page {
    Q_OBJECT
  public:
    explicit TeacherPage(RunController* controller, QWidget* parent = nullptr);
    [[nodiscard]] LabellingPanel* labelling() const { return labelling_; }

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    void addZeroShot();
    void addLlm();
    void addCalibration();
    void showRows();
    void showZeroShot();
    void showLlm();
    void showCalibration();
    void showSentences();
    void showQuality();

    QLabel* note_;
    EncoderChoice* encoder_;
    QLabel* sentencesHeading_ = nullptr;
    QLabel* sentencesNote_ = nullptr;
    SentenceTable* sentences_;
    std::vector<std::string> classes_; ///< those last read: they stay known while the data are read again
    QLabel* descriptionsHeading_ = nullptr;
    QLabel* descriptionsNote_ = nullptr;
    SentenceTable* descriptions_ = nullptr;
    Fold* rareFold_ = nullptr;
    QLabel* labellingHeading_ = nullptr;
    LabellingPanel* labelling_ = nullptr;
    QLabel* calibrationHeading_ = nullptr;
    QLabel* calibrationNote_ = nullptr;
    QLabel* heading_;
    QLabel* qualityNote_;
    FactList* facts_;
    NumberTable* perClass_;
};

} // namespace stillroom
