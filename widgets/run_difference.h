// In what the configurations of chosen runs differ, side by side.
#pragma once

#include "widgets/runs_model.h"
#include "widgets/table_panel.h"

#include <QWidget>

namespace stillroom {

/// GUI thread.
class RunDifference : public QWidget {
    Q_OBJECT
  public:
    static constexpr std::size_t Most = 8; ///< runs that are shown side by side

    explicit RunDifference(QWidget* parent = nullptr);
    void setRuns(const std::vector<SharedRun>& runs);
    [[nodiscard]] const PlotTable& shown() const { return panel_->shown(); }

  private:
    TablePanel* panel_;
};

} // namespace stillroom
