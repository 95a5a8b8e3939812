// The Teacher tab: how far the teacher can be trusted. Figures, what can be turned, reliability, accuracy by
// confidence, confusion, every class, and another teacher beside it.
#pragma once

#include "core/lab/sample_filter.h"
#include "widgets/run_state.h"

#include <QScrollArea>

class QGridLayout;
class QHBoxLayout;

namespace stillroom {

class AccuracyByConfidencePlot;
class ComparePanel;
class ConfusionPlot;
class FigureCard;
class Plot;
class ReliabilityPlot;
class RunController;
class TablePanel;
class TeacherControls;
class TeacherModel;

/// GUI thread. Two columns where there is room, else one that scrolls. It is made when it is first shown, so
/// that the window opens without waiting for it; until then everything below is null.
class TeacherView : public QScrollArea {
    Q_OBJECT
  public:
    explicit TeacherView(RunController* controller, QWidget* parent = nullptr);
    [[nodiscard]] TeacherModel* model() const { return model_; }
    [[nodiscard]] ReliabilityPlot* reliability() const { return reliability_; }
    [[nodiscard]] AccuracyByConfidencePlot* accuracyByConfidence() const { return accuracy_; }
    [[nodiscard]] ConfusionPlot* confusion() const { return confusion_; }
    [[nodiscard]] TablePanel* classes() const { return classes_; }
    [[nodiscard]] ComparePanel* comparePanel() const { return compare_; }
    [[nodiscard]] QList<Plot*> plots() const;
    /// What it shows is wanted though it may not be seen: it is made, and measured.
    void setWatched(bool watched);

  Q_SIGNALS:
    void said(const QString& text, stillroom::MessageKind kind);
    void samplesWanted(const stillroom::SampleFilter& filter); ///< those of a cell

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

  private:
    void make();
    void showNext();
    void refresh();
    void updateCards();
    void updateClasses(const QString& whatToDo);
    void arrange();

    RunController* controller_;
    TeacherModel* model_ = nullptr;
    QWidget* content_ = nullptr;
    QHBoxLayout* cards_ = nullptr;
    QGridLayout* grid_ = nullptr;
    FigureCard* accuracyCard_ = nullptr;
    FigureCard* widthCard_ = nullptr;
    FigureCard* massCard_ = nullptr;
    FigureCard* brierCard_ = nullptr;
    FigureCard* lossCard_ = nullptr;
    TeacherControls* controls_ = nullptr;
    ReliabilityPlot* reliability_ = nullptr;
    AccuracyByConfidencePlot* accuracy_ = nullptr;
    ConfusionPlot* confusion_ = nullptr;
    TablePanel* classes_ = nullptr;
    ComparePanel* compare_ = nullptr;
    QList<QWidget*> toShow_; ///< panels whose turn is still to come
    int columns_ = 0;
    bool stale_ = true, watched_ = false;
};

} // namespace stillroom
