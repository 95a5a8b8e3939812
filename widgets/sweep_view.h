// A sweep in progress: how far it is, each of its runs, and what can be done about it.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace stillroom {

class ProgressPill;
class SweepModel;
class SweepWatch;

/// GUI thread. The watch outlives it.
class SweepView : public QWidget {
    Q_OBJECT
  public:
    explicit SweepView(SweepWatch* watch, QWidget* parent = nullptr);
    [[nodiscard]] SweepWatch* watch() const { return watch_; }
    [[nodiscard]] QTableView* table() const { return table_; }
    [[nodiscard]] QPushButton* cancelButton() const { return cancel_; }
    [[nodiscard]] QPushButton* goOnButton() const { return goOn_; }
    [[nodiscard]] QPushButton* stopButton() const { return stop_; }

  private:
    void refresh();
    void updateButtons();
    void cancelChosen();
    void arrange();

    SweepWatch* watch_;
    SweepModel* model_;
    QLabel* title_;
    QLabel* note_;
    QLabel* problem_;
    ProgressPill* pill_;
    QTableView* table_;
    QPushButton* cancel_;
    QPushButton* goOn_;
    QPushButton* stop_;
};

} // namespace stillroom
