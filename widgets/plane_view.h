// The Plane tab: confidence × uncertainty with its thresholds, what other thresholds would keep beside it,
// the epochs of the run below.
#pragma once

#include "core/lab/sample_filter.h"
#include "widgets/background.h"
#include "widgets/latest_job.h"
#include "widgets/run_state.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace stillroom {

class ClassBox;
class DensityModel;
class EpochBar;
class LabModel;
class PlanePlot;
class WhatIfModel;
class WhatIfPanel;

/// GUI thread. Counts only while it is seen.
class PlaneView : public QWidget {
    Q_OBJECT
  public:
    explicit PlaneView(LabModel* lab, QWidget* parent = nullptr);
    ~PlaneView() override;

    [[nodiscard]] PlanePlot* plot() const { return plot_; }
    [[nodiscard]] WhatIfModel* whatIf() const { return whatIf_; }
    [[nodiscard]] DensityModel* density() const { return density_; }
    [[nodiscard]] EpochBar* epochs() const { return epochs_; }
    /// What it shows is wanted though it may not be seen: it is counted.
    void setWatched(bool watched);

  Q_SIGNALS:
    /// To be listed in the Samples tab.
    void samplesWanted(const stillroom::SampleFilter& filter);
    void said(const QString& text, stillroom::MessageKind kind);

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    [[nodiscard]] SampleFilter brushed() const;
    void countBrushed();
    void count(bool on);
    void updateHint();

    LabModel* lab_;
    DensityModel* density_;
    WhatIfModel* whatIf_;
    ClassBox* class_;
    QToolButton* brush_;
    QLabel* count_;
    QToolButton* list_;
    QToolButton* clear_;
    PlanePlot* plot_;
    WhatIfPanel* panel_;
    EpochBar* epochs_;
    bool watched_ = false;
    Background pool_{1};
    LatestJob counting_{pool_};
};

} // namespace stillroom
