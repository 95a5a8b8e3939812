// What can be done with a figure from its context menu: its table, a copy, a file of it.
#pragma once

#include "widgets/figure_print.h"
#include "widgets/run_state.h"

#include <QObject>
#include <memory>

class QMenu;
class QPoint;
class QWidget;

namespace stillroom {

class Background;

/// GUI thread. The figure's widget owns it; files are written by a worker.
class FigureExport : public QObject {
    Q_OBJECT
  public:
    /// `widget`: what the figure is, and what its dialogs belong to.
    FigureExport(Figure& figure, QWidget* widget);
    ~FigureExport() override; ///< waits for a file that is being written

    void popup(const QPoint& position);
    /// The same menu, to be shown by somebody else.
    void fill(QMenu* menu);
    void showTable();
    /// The picture, as dots and as SVG, and the numbers with tabs between them.
    void copy();
    void saveAs(PlotFormat format); ///< asks where

    /// What copies and files are made for: the last choice, of any plot, in any session.
    [[nodiscard]] static PlotSize size();
    static void setSize(PlotSize size);

  Q_SIGNALS:
    void said(const QString& text, stillroom::MessageKind kind);

  private:
    void save(PlotFormat format, const QString& path);

    Figure& figure_;
    QWidget* widget_;
    std::unique_ptr<Background> writer_;
};

} // namespace stillroom
