// The Live tab: five figures and four plots of the present run. Two plots side by side where there is room,
// else one column that scrolls.
#pragma once

#include "widgets/run_state.h"

#include <QScrollArea>

class QGridLayout;
class QHBoxLayout;
class QLabel;
class QTimer;

namespace stillroom {

class AccuracyPlot;
class ConfidencePlot;
class FigureCard;
class KeptPlot;
class Plot;
class RunController;
class ThresholdsPlot;

/// GUI thread. Draws what the controller's live model holds: one plot a tick, in turn, so that no tick is
/// long.
class LiveView : public QScrollArea {
    Q_OBJECT
  public:
    explicit LiveView(RunController* controller, QWidget* parent = nullptr);
    /// Everything at once, for a picture.
    void refreshAll();
    [[nodiscard]] const QList<Plot*>& plots() const { return plots_; }

  Q_SIGNALS:
    void said(const QString& text, stillroom::MessageKind kind);

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

  private:
    void tick();
    void examplesChanged();
    void updateCards();
    void updateBanner();
    void updateHints();
    void arrange();

    RunController* controller_;
    QWidget* content_;
    QLabel* banner_;
    QHBoxLayout* cards_;
    QGridLayout* grid_;
    FigureCard* accuracy_;
    FigureCard* macroF1_;
    FigureCard* gradient_;
    FigureCard* distinct_;
    FigureCard* precision_;
    KeptPlot* kept_;
    ConfidencePlot* confidence_;
    AccuracyPlot* accuracyPlot_;
    ThresholdsPlot* thresholds_;
    QList<Plot*> plots_;
    QTimer* ticker_;
    int columns_ = 0;
    int turn_ = 0;
};

} // namespace stillroom
