// Coloured cells with a few words in each, over the axes of a plot: cell (row, column) covers columns
// [column, column + 1] of x and rows [row, row + 1] of y.
#pragma once

#include "widgets/custom_plot.h"

#include <QColor>
#include <QString>
#include <vector>

namespace stillroom {

/// Owned by the plot. GUI thread.
class HeatMap : public QCPLayerable {
    Q_OBJECT
  public:
    explicit HeatMap(QCustomPlot* plot);

    struct Cell {
        QColor fill, ink;
        QString text; ///< left out where the cell is too small for it
    };
    int columns = 0;
    std::vector<Cell> cells; ///< row by row
    int marked = -1;         ///< the cell with a frame around it
    QColor frame;

    [[nodiscard]] QRectF rect(int row, int column) const; ///< in pixels

  protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    void draw(QCPPainter* painter) override;
};

} // namespace stillroom
