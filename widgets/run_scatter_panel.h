// Runs as points, and which of their numbers are the axes.
#pragma once

#include "widgets/run_state.h"
#include "widgets/runs_model.h"

#include <QWidget>

class QComboBox;
class QLabel;

namespace stillroom {

class LiveModel;
class RunScatterPlot;

/// GUI thread. Draws only while it is seen.
class RunScatterPanel : public QWidget {
    Q_OBJECT
  public:
    explicit RunScatterPanel(const LiveModel& model, QWidget* parent = nullptr);

    /// The chosen runs, or all that are listed where fewer than two are chosen.
    void setRuns(const std::vector<SharedRun>& chosen, const std::vector<SharedRun>& listed);
    [[nodiscard]] RunScatterPlot* plot() const { return plot_; }
    /// Makes columns of run_columns.h the axes, where they can be.
    void setAxes(const QString& x, const QString& y);

  Q_SIGNALS:
    void said(const QString& text, stillroom::MessageKind kind);

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    void refresh();
    void fillX();
    void draw();

    std::vector<SharedRun> runs_;
    bool all_ = false; ///< that are listed
    bool stale_ = true;
    RunScatterPlot* plot_;
    QComboBox* x_;
    QComboBox* y_;
    QLabel* whose_;
};

} // namespace stillroom
