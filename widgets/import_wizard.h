// File ▸ Import…, and data files dropped on the window: from files of any shape to the `data:` section, in
// five pages. The experiment is changed by Finish alone, as one undo step; nothing is written.
#pragma once

#include "widgets/import_page.h"

#include <QDialog>
#include <array>

class QLabel;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace stillroom {

class ImportFilesPage;
class ImportReportPage;
class RunController;

/// GUI thread. Deletes itself once it is closed and its workers are done; the controller outlives it.
class ImportWizard : public QDialog {
    Q_OBJECT
  public:
    enum PageNumber { Files, Format, Columns, Classes, Report, PageCount };

    explicit ImportWizard(RunController* controller, QWidget* parent = nullptr);

    /// Files and folders, beside those that are there already.
    void add(const QStringList& paths);
    [[nodiscard]] int page() const;
    [[nodiscard]] const ImportPlan& plan() const { return plan_; }

    void done(int result) override;

  Q_SIGNALS:
    void imported(const QString& summary); ///< the experiment has been changed

  protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

  private:
    void goTo(int page);
    void next();
    void finish();
    void refresh();

    RunController* controller_;
    ImportPlan plan_;
    QTabBar* steps_;
    QStackedWidget* stack_;
    std::array<ImportPage*, PageCount> pages_;
    ImportFilesPage* files_;
    ImportReportPage* report_;
    QLabel* problem_;
    QPushButton *back_, *next_, *cancel_;
};

} // namespace stillroom
