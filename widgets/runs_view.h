// The Runs tab: every run below a folder as a row, and of the chosen ones their curves, a scatter of results
// against settings, in which settings they differ, and what can be said of them.
#pragma once

#include "widgets/run_state.h"
#include "widgets/runs_model.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

class QLabel;
class QStackedLayout;
class QTabWidget;

namespace stillroom {

class RunActions;
class RunController;
class RunCurvesPanel;
class RunDifference;
class RunScatterPanel;
class RunStatistics;
class RunsBar;
class RunsOrder;
class RunsReading;
class RunsTable;

/// GUI thread. It is made when it is first shown, so that the window opens without waiting for it; until then
/// all but `actions` is null. Looks through the folder while it is seen.
class RunsView : public QWidget {
    Q_OBJECT
  public:
    RunsView(RunController* controller, const QString& folder, QWidget* parent = nullptr);

    /// Another folder of runs.
    void setFolder(const QString& folder);
    /// This run alone is chosen, as soon as it is read.
    void choose(const QString& runFolder);
    [[nodiscard]] RunActions* actions() const { return actions_; }
    [[nodiscard]] QStringList chosenFolders() const; ///< of the runs that are chosen in the table
    [[nodiscard]] RunsReading* reading() const { return reading_; }
    [[nodiscard]] RunsModel* model() const { return model_; }
    [[nodiscard]] RunsTable* table() const { return table_; }
    [[nodiscard]] RunsBar* bar() const { return bar_; }
    [[nodiscard]] QTabWidget* details() const { return details_; }
    [[nodiscard]] RunCurvesPanel* curves() const { return curves_; }
    [[nodiscard]] RunScatterPanel* scatter() const { return scatter_; }
    [[nodiscard]] RunDifference* difference() const { return difference_; }
    [[nodiscard]] RunStatistics* statistics() const { return statistics_; }

  Q_SIGNALS:
    void said(const QString& text, stillroom::MessageKind kind);

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

  private:
    void make();
    void connectParts();
    void connectReading();
    void look();
    void chooseWanted();
    void chosenChanged();
    void updateStatus();
    void chooseFolder();

    RunController* controller_;
    RunActions* actions_;
    RunsReading* reading_ = nullptr;
    RunsModel* model_ = nullptr;
    RunsOrder* order_ = nullptr;
    RunsBar* bar_ = nullptr;
    RunsTable* table_ = nullptr;
    QStackedLayout* stack_ = nullptr;
    QLabel* empty_ = nullptr;
    QTabWidget* details_ = nullptr;
    RunCurvesPanel* curves_ = nullptr;
    RunScatterPanel* scatter_ = nullptr;
    RunDifference* difference_ = nullptr;
    RunStatistics* statistics_ = nullptr;
    QString folder_;
    QString wanted_; ///< a run that is to be chosen; empty: none
    std::vector<SharedRun> chosen_;
    QTimer again_, slow_;
};

} // namespace stillroom
