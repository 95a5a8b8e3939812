// The import wizard's first page: which files, and which split each is of.
#pragma once

#include "widgets/background.h"
#include "widgets/import_page.h"

class QLabel;
class QTableWidget;
class QToolButton;

namespace stillroom {

class NumberBox;

class ImportFilesPage : public ImportPage {
    Q_OBJECT
  public:
    explicit ImportFilesPage(ImportPlan& plan, QWidget* parent = nullptr);
    ~ImportFilesPage() override; ///< waits for a file that is being looked at

    /// Files and folders, beside those that are there; looked at by a worker.
    void add(const QStringList& paths);
    void setFolder(const QString& folder) { folder_ = folder; } ///< where the file dialogs begin

    void enter() override;
    [[nodiscard]] QString problem() const override;
    [[nodiscard]] bool isWrong() const override { return looking_ == 0 && !plan().files.empty(); }

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override; ///< Delete in the table
    void changeEvent(QEvent* event) override;

  private:
    void fill();
    void showAside();
    void choose(bool folder);
    void removeChosen();

    QLabel* hint_;
    QLabel* nothing_; ///< in the table's place while it would be empty
    QTableWidget* table_;
    QToolButton* remove_;
    QWidget* aside_;
    QLabel* asideNote_;
    NumberBox* validation_;
    NumberBox* test_;
    QWidget* testWords_;
    QWidget* validationWords_;
    QString folder_;
    int looking_ = 0; ///< answers that are awaited
    Background pool_{1};
};

} // namespace stillroom
