// Beside the plane: what the thresholds keep, what the supposed ones would, who enters and who leaves, class
// by class, and the button that makes it so.
#pragma once

#include "core/lab/sample_filter.h"
#include "widgets/what_if_model.h"

#include <QFrame>

class QGridLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace stillroom {

class ClassCountsModel;
class ClassCountsView;
class ElidedLabel;

class WhatIfPanel : public QFrame {
    Q_OBJECT
  public:
    WhatIfPanel(LabModel* lab, WhatIfModel* whatIf, QWidget* parent = nullptr);

  Q_SIGNALS:
    /// Enters or Leaves: shown as a list.
    void samplesWanted(stillroom::SampleFilter::Show show);

  protected:
    void changeEvent(QEvent* event) override;

  private:
    QToolButton* addLink(QGridLayout* rows, int row, const QString& name, const QString& tip,
                         SampleFilter::Show show);
    void showAnswer();
    void showCounts(const WhatIfModel::Answer& answer);
    void showWords();
    void showChosenClass();

    LabModel* lab_;
    WhatIfModel* whatIf_;
    QToolButton* reset_;
    QLabel* kept_;
    QLabel* share_;
    QWidget* rows_;
    QLabel* rightName_;
    QLabel* right_;
    QToolButton* enters_;
    QToolButton* leaves_;
    QLabel* lost_;
    ClassCountsModel* counts_;
    ClassCountsView* classes_;
    QLabel* why_;
    QPushButton* apply_;
    ElidedLabel* what_;
};

} // namespace stillroom
