// What can be said of the chosen runs: each configuration's mean over its seeds, how far it is from a
// baseline, and sentences that follow the numbers.
#pragma once

#include "core/experiment/comparison.h"
#include "widgets/background.h"
#include "widgets/latest_job.h"
#include "widgets/runs_model.h"

#include <QWidget>
#include <memory>

class QComboBox;
class QLabel;

namespace stillroom {

class TablePanel;

/// GUI thread. Computes only while it is seen.
class RunStatistics : public QWidget {
    Q_OBJECT
  public:
    explicit RunStatistics(QWidget* parent = nullptr);
    ~RunStatistics() override;

    void setRuns(const std::vector<SharedRun>& runs);
    [[nodiscard]] bool busy() const { return asking_.busy(); }
    [[nodiscard]] TablePanel* table() const { return table_; }
    [[nodiscard]] QLabel* words() const { return words_; }
    [[nodiscard]] QComboBox* metricBox() const { return metric_; }

  Q_SIGNALS:
    void answered();

  protected:
    void showEvent(QShowEvent* event) override;

  private:
    struct Answer; ///< a comparison, and the runs that it points into
    void fillBaselines();
    void ask();
    void present(const Answer& answer);

    std::vector<SharedRun> runs_;
    bool stale_ = true;
    std::shared_ptr<Progress> progress_;
    QComboBox* metric_;
    QComboBox* baseline_; ///< by rule
    TablePanel* table_;
    QLabel* words_;
    Background pool_{1};
    LatestJob asking_{pool_};
};

} // namespace stillroom
