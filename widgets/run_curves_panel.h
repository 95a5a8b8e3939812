// The curves of the chosen runs, and what they are drawn of, against, and how smooth.
#pragma once

#include "core/experiment/run_curves.h"
#include "widgets/run_state.h"
#include "widgets/runs_model.h"

#include <QWidget>

class QComboBox;
class QLabel;

namespace stillroom {

class CurveReading;
class LiveModel;
class RunCurvesPlot;
class Slider;

/// GUI thread. Reads only while it is seen.
class RunCurvesPanel : public QWidget {
    Q_OBJECT
  public:
    explicit RunCurvesPanel(const LiveModel& model, QWidget* parent = nullptr);

    void setRuns(const std::vector<SharedRun>& runs);
    [[nodiscard]] RunCurvesPlot* plot() const { return plot_; }
    [[nodiscard]] CurveReading* reading() const { return reading_; }
    [[nodiscard]] QComboBox* valueBox() const { return value_; }
    [[nodiscard]] QComboBox* axisBox() const { return axis_; }
    [[nodiscard]] QComboBox* bandBox() const { return band_; }
    [[nodiscard]] Slider* smoothing() const { return smoothing_; }

  Q_SIGNALS:
    void said(const QString& text, stillroom::MessageKind kind);

  protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

  private:
    void ask();
    void arrived();
    void smooth();

    std::vector<SharedRun> runs_;
    bool stale_ = true;
    CurveReading* reading_;
    RunCurvesPlot* plot_;
    QComboBox* value_;
    QLabel* against_;
    QComboBox* axis_;
    QComboBox* band_;
    Slider* smoothing_;
    QLabel* smoothness_;
};

} // namespace stillroom
