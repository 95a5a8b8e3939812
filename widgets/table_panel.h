// A table of figures in a panel of its own, with a title, as the plots beside it have one.
#pragma once

#include "widgets/plot.h"

#include <QFrame>

class QStackedLayout;
class QLabel;

namespace stillroom {

class NumberTable;

/// GUI thread.
class TablePanel : public QFrame {
    Q_OBJECT
  public:
    explicit TablePanel(const QString& title, QWidget* parent = nullptr);
    void setTitle(const QString& title);
    /// `empty`: what to say instead when there are no rows.
    void show(const PlotTable& shown, const QString& empty);
    using QFrame::show;
    [[nodiscard]] NumberTable* table() const { return table_; }
    [[nodiscard]] const PlotTable& shown() const { return shown_; }

  private:
    PlotTable shown_;
    QLabel* title_;
    QToolButton* copy_;
    QStackedLayout* stack_;
    NumberTable* table_;
    QLabel* empty_;
};

} // namespace stillroom
