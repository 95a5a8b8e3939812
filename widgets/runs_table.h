// The table of the Runs tab: sorted by a click on a header, several rows chosen with Ctrl and Shift, copied
// with Ctrl+C. Columns of settings are there where the listed runs differ in them; of the others the user
// chooses.
#pragma once

#include "widgets/runs_model.h"

#include <QStringList>
#include <QTableView>
#include <QTimer>

class QMenu;

namespace stillroom {

class RunsOrder;

/// GUI thread.
class RunsTable : public QTableView {
    Q_OBJECT
  public:
    explicit RunsTable(RunsOrder* order, QWidget* parent = nullptr);

    [[nodiscard]] std::vector<SharedRun> chosen() const; ///< in the order of the table
    [[nodiscard]] std::vector<SharedRun> listed() const; ///< the same
    /// With the results that can be shown, to be ticked.
    void fillColumnMenu(QMenu* menu);
    void keyboardSearch(const QString& typed) override;

  Q_SIGNALS:
    void chosenChanged(); ///< other runs are chosen, or what is known of a chosen one is
    void listedChanged(); ///< other runs are listed
    void typed(const QString& text);
    void openWanted();
    void deleteWanted();
    void menuWanted(const QPoint& globalPosition);

  protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    void sortBy(int column);
    void showColumns();
    void fitColumns();
    [[nodiscard]] bool isShown(int column) const;

    RunsOrder* order_;
    QStringList hidden_, added_;         ///< ids: usual columns that the user hid, others that the user wants
    std::vector<std::string> differing_; ///< keys of settings, among the listed runs
    QTimer columnsSoon_, chosenSoon_;
};

} // namespace stillroom
