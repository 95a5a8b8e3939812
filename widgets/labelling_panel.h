// Asking an LLM, on the Teacher page: what it would cost, how far it is, what it has cost, and the texts it
// would not answer.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QToolButton;

namespace stillroom {

class FactList;
class Fold;
class LabellingJob;
class NumberTable;
class ProgressPill;
class RunController;

/// GUI thread.
class LabellingPanel : public QWidget {
    Q_OBJECT
  public:
    LabellingPanel(RunController* controller, LabellingJob* job, QWidget* parent = nullptr);
    [[nodiscard]] LabellingJob* job() const { return job_; }
    [[nodiscard]] QPushButton* askButton() const { return ask_; }
    [[nodiscard]] QPushButton* estimateButton() const { return estimate_; }
    [[nodiscard]] QPushButton* cancelButton() const { return cancel_; }
    [[nodiscard]] QPushButton* againButton() const { return again_; }
    [[nodiscard]] NumberTable* problems() const { return problems_; }
    [[nodiscard]] FactList* facts() const { return facts_; }

  private:
    void refresh();
    void updateKey();
    void updateProgress();
    void updateEstimate();
    void updateProblems();

    RunController* controller_;
    LabellingJob* job_;
    QLabel* key_; ///< where the key comes from
    QPushButton* ask_;
    QPushButton* estimate_;
    QPushButton* cancel_;
    ProgressPill* pill_;
    QLabel* waiting_; ///< what the server or the machine is waited for
    FactList* facts_;
    QLabel* problem_;
    QLabel* cost_;
    Fold* promptFold_;
    QLabel* prompt_;
    QLabel* refusedNote_;
    NumberTable* problems_;
    QPushButton* again_;
};

} // namespace stillroom
