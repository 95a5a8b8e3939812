// Above the table of runs: which are listed, which columns they have, and where they lie.
#pragma once

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QLineEdit;
class QMenu;
class QToolButton;

namespace stillroom {

class ElidedLabel;

/// GUI thread.
class RunsBar : public QWidget {
    Q_OBJECT
  public:
    explicit RunsBar(QWidget* parent = nullptr);

    [[nodiscard]] QLineEdit* filter() const { return filter_; }
    [[nodiscard]] QCheckBox* archived() const { return archived_; }
    void setStatus(const QString& text);
    void setFolder(const QString& folder);
    /// What is being read can be given up.
    void setBusy(bool busy);

  Q_SIGNALS:
    void filterChanged(const QString& text);
    void archivedWanted(bool shown);
    void columnsWanted(QMenu* menu); ///< it is about to be shown: fill it
    void folderWanted();
    void refreshWanted();
    void cancelWanted();

  private:
    QLineEdit* filter_;
    QCheckBox* archived_;
    QToolButton* columns_;
    QToolButton* refresh_;
    QToolButton* choose_;
    ElidedLabel* folder_;
    ElidedLabel* status_;
    QTimer typed_;
    bool busy_ = false;
};

} // namespace stillroom
