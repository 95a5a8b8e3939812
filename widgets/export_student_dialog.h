// A run's best student for other programs: asks for the format, the weights, a licence and a place, and
// exports it.
#pragma once

#include "core/output/export_student.h"
#include "widgets/background.h"
#include "widgets/latest_job.h"

#include <QDialog>
#include <QTimer>
#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace stillroom {

class ProgressPill;
class RunFolderLine;

/// GUI thread; everything else is a worker's. Deletes itself when it is closed, which cancels what it does.
class ExportStudentDialog : public QDialog {
    Q_OBJECT
  public:
    /// `runFolder`: to begin with, may be empty; `runsFolder`: where a run is looked for. `dataRoot`: where
    /// the run's data lie, where somebody said so; else empty.
    ExportStudentDialog(const QString& runFolder, QString runsFolder, QString dataRoot,
                        QWidget* parent = nullptr);
    ~ExportStudentDialog() override;

    void chooseRun(const QString& folder);
    void reject() override;

    [[nodiscard]] QComboBox* format() const { return format_; }
    [[nodiscard]] QComboBox* weights() const { return weights_; }
    [[nodiscard]] QLineEdit* licence() const { return licence_; }
    [[nodiscard]] QLineEdit* place() const { return place_; }
    [[nodiscard]] QPushButton* exportButton() const { return export_; }
    [[nodiscard]] QString facts() const;  ///< what is said of the run
    [[nodiscard]] QString result() const; ///< what came of it, or why nothing did; empty: nothing yet
    [[nodiscard]] bool working() const { return progress_ != nullptr; }

  Q_SIGNALS:
    void exported(const QString& folder);

  private:
    struct Facts;
    void browsePlace();
    void tell(const Facts& facts);
    void formatChanged();
    void suggestPlace();
    void start();
    void finish(const Result<StudentExportReport>& done);
    void say(const QString& text, const char* tone);
    void refresh(); ///< what can be done now

    const QString dataRoot_;
    RunFolderLine* run_;
    QLabel* facts_;
    QComboBox* format_;
    QLabel* formatNote_;
    QComboBox* weights_;
    QLineEdit* licence_;
    QLineEdit* place_;
    QPushButton* choosePlace_;
    QLabel* result_;
    ProgressPill* pill_;
    QPushButton* close_;
    QPushButton* export_;
    bool placeIsTheirs_ = false; ///< it was chosen or typed
    bool hasStudent_ = false;
    bool closing_ = false;
    std::shared_ptr<Progress> progress_; ///< of what is being done
    QTimer tick_;
    Background pool_{1};
    LatestJob reading_{pool_};
};

} // namespace stillroom
