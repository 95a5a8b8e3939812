// The import wizard's last page: what the data are like, read as the experiment will read them.
#pragma once

#include "widgets/background.h"
#include "widgets/import_page.h"
#include "widgets/import_report.h"
#include "widgets/latest_job.h"

#include <memory>

class QCheckBox;
class QGridLayout;
class QLabel;
class QProgressBar;
class QScrollArea;
class QTimer;
class QToolButton;
class QVBoxLayout;

namespace stillroom {

class LengthHistogram;
class NumberTable;

class ImportReportPage : public ImportPage {
    Q_OBJECT
  public:
    explicit ImportReportPage(ImportPlan& plan, QWidget* parent = nullptr);
    ~ImportReportPage() override; ///< stops the reading and waits for it

    void enter() override;
    [[nodiscard]] QString problem() const override;
    [[nodiscard]] bool isWrong() const override { return !reading_; }
    void stop() override;

    /// Whether bad rows are to be left out when the experiment reads its data.
    [[nodiscard]] bool skipsBadRows() const;
    [[nodiscard]] bool busy() const { return job_.busy(); }

  protected:
    void resizeEvent(QResizeEvent* event) override;

  private:
    QWidget* panel(const QString& title, QWidget* body, QLabel* below = nullptr);
    void take(const Result<ImportReport>& report);
    void showSplits(const ImportReport& report);
    void showClasses(const ImportReport& report);
    void showShared(const ImportReport& report);
    void showBadRows(const ImportReport& report);
    void arrange();

    QWidget* waiting_;
    QLabel* waitingWords_;
    QProgressBar* bar_;
    QScrollArea* scroll_;
    QLabel* headline_;
    NumberTable* splits_;
    NumberTable* classes_;
    QLabel* classesNote_;
    LengthHistogram* lengths_;
    QLabel* lengthsNote_;
    NumberTable* shared_;
    QLabel* sharedNote_;
    NumberTable* bad_;
    QCheckBox* skip_;
    QWidget *classesPanel_, *lengthsPanel_, *sharedPanel_, *badPanel_;
    QGridLayout* grid_;
    QTimer* timer_;
    std::shared_ptr<Progress> progress_;
    std::optional<Experiment> read_; ///< whose report this is
    std::optional<Error> error_;
    bool reading_ = false;
    Background pool_{1};
    LatestJob job_{pool_};
};

} // namespace stillroom
