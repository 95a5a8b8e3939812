// The import wizard's fourth page: the labels of the files, and the classes that they become.
#pragma once

#include "widgets/background.h"
#include "widgets/import_page.h"
#include "widgets/label_count.h"
#include "widgets/latest_job.h"

#include <memory>

class QLabel;
class QProgressBar;
class QTableWidget;
class QTableWidgetItem;
class QTimer;
class QToolButton;

namespace stillroom {

class ImportClassesPage : public ImportPage {
    Q_OBJECT
  public:
    explicit ImportClassesPage(ImportPlan& plan, QWidget* parent = nullptr);
    ~ImportClassesPage() override; ///< stops the counting and waits for it

    void enter() override;
    [[nodiscard]] QString problem() const override;
    [[nodiscard]] bool isWrong() const override { return !counting_; }
    void stop() override;

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override; ///< Enter types, Alt+Up and Alt+Down move
    void changeEvent(QEvent* event) override;

  private:
    void count(const Experiment& experiment);
    void take(Result<LabelCounts> counts);
    void fill();
    void edited(QTableWidgetItem* item);
    void moveBy(int rows);
    void add();
    void remove();
    void say();

    QLabel* hint_;
    QProgressBar* bar_;
    QTableWidget* table_;
    QToolButton *up_, *down_, *sort_, *add_, *remove_;
    QLabel* said_;
    QTimer* timer_;
    std::optional<Experiment> counted_; ///< whose labels these are
    std::optional<Error> error_;
    std::shared_ptr<Progress> progress_;
    bool counting_ = false;
    bool filling_ = false;
    Background pool_{1};
    LatestJob job_{pool_};
};

} // namespace stillroom
