// A report of runs: asks which, where to and whether with texts, writes it in the background, and opens it.
#pragma once

#include "core/output/report.h"
#include "widgets/background.h"

#include <QDialog>
#include <QTimer>
#include <functional>
#include <memory>

class QCheckBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QProgressBar;
class QPushButton;

namespace stillroom {

/// GUI thread; runs and data are read, and the report is drawn, by a worker. While it
/// writes, Cancel stops that.
/// Deletes itself when it is closed.
class ReportDialog : public QDialog {
    Q_OBJECT
  public:
    /// `runFolders`: to begin with, may be empty; `runsFolder`: where a run is looked for.
    ReportDialog(const QStringList& runFolders, QString runsFolder, QWidget* parent = nullptr);
    ~ReportDialog() override;

    void addRun(const QString& folder);
    [[nodiscard]] QListWidget* runs() const { return runs_; }
    [[nodiscard]] QLineEdit* out() const { return out_; }
    [[nodiscard]] QLineEdit* data() const { return data_; }
    [[nodiscard]] QCheckBox* texts() const { return texts_; }
    [[nodiscard]] QPushButton* writeButton() const { return write_; }
    [[nodiscard]] QPushButton* openButton() const { return open_; }
    [[nodiscard]] QPushButton* openPdfButton() const { return openPdf_; }
    [[nodiscard]] QString said() const; ///< what came of it; empty: nothing yet

    void reject() override;

  Q_SIGNALS:
    void written(const QString& htmlPath);

  private:
    void browseRun();
    void browseOut();
    void browseData();
    /// A folder is asked for, and `take` gets it.
    void browseFolder(const QString& title, const QString& below, std::function<void(const QString&)> take);
    static QHBoxLayout* folderRow(QLineEdit* line, QPushButton* choose);
    void changed();
    void write();
    void tell(const Result<WrittenReport>& report);
    void say(const QString& text, const char* tone);
    void fit(); ///< its height to what it says
    [[nodiscard]] QString usualOut() const;

    const QString runsFolder_;
    QListWidget* runs_;
    QPushButton* remove_;
    QLineEdit *data_, *out_;
    QCheckBox* texts_;
    QProgressBar* bar_;
    QLabel* said_;
    QPushButton *cancel_, *write_, *open_, *openPdf_;
    std::shared_ptr<Progress> progress_; ///< of what is being written; null: nothing is
    WrittenReport report_;
    QTimer look_;
    Background pool_{1};
};

} // namespace stillroom
