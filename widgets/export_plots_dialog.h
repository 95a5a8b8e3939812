// File ▸ Export plots…: all plots of the window at once, into a folder, as numbered files.
#pragma once

#include "widgets/figure_print.h"
#include "widgets/run_state.h"

#include <QDialog>
#include <QPointer>
#include <QStringList>
#include <memory>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QProgressBar;
class QPushButton;

namespace stillroom {

class Background;
class Plot;

/// GUI thread. Plots are drawn one after the other, each in an event of its own; a worker encodes and writes
/// them. Deletes itself when it is closed.
class ExportPlotsDialog : public QDialog {
    Q_OBJECT
  public:
    /// `folder`: to begin with.
    ExportPlotsDialog(const QList<Plot*>& plots, const QString& folder, QWidget* parent = nullptr);
    ~ExportPlotsDialog() override; ///< waits for the file that is being written

    [[nodiscard]] QLineEdit* folder() const { return folder_; }
    [[nodiscard]] QCheckBox* formatBox(PlotFormat format) const;
    [[nodiscard]] QComboBox* sizeBox() const { return size_; }
    [[nodiscard]] QPushButton* exportButton() const { return export_; }
    [[nodiscard]] QString sentence() const; ///< how it stands, or what came of it
    [[nodiscard]] bool busy() const { return busy_; }

    void reject() override; ///< stops what is under way, else closes

  Q_SIGNALS:
    void said(const QString& text, stillroom::MessageKind kind);

  private:
    struct Job {
        QPointer<Plot> plot;
        PlotFormat format;
        QString name;
    };
    /// What there is to see, and what not yet.
    void list();
    void refresh();
    void browse();
    void start();
    void askToReplace(const QStringList& there);
    void next();
    void end(const QString& sentence, MessageKind kind);
    [[nodiscard]] QString leftOut() const;

    std::vector<QPointer<Plot>> plots_;
    QLineEdit* folder_;
    QPushButton* browse_;
    std::vector<QCheckBox*> formats_;
    QComboBox* size_;
    QListWidget* list_;
    QProgressBar* bar_;
    QLabel* sentence_;
    QPushButton* export_;
    QPushButton* close_;

    std::vector<Job> jobs_;
    std::size_t done_ = 0;
    QStringList empty_;    ///< titles of plots that are left out
    QString target_;       ///< the folder that is written to
    bool replace_ = false; ///< files that are there
    bool busy_ = false, cancelled_ = false;
    std::unique_ptr<Background> pool_;
};

} // namespace stillroom
