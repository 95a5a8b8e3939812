#include "widgets/heat_map.h"

#include "widgets/theme.h"

#include <QFontMetricsF>

namespace stillroom {

HeatMap::HeatMap(QCustomPlot* plot) : QCPLayerable(plot, QStringLiteral("main")) {}

void HeatMap::applyDefaultAntialiasingHint(QCPPainter* painter) const {
    painter->setAntialiasing(false);
}

QRectF HeatMap::rect(int row, int column) const {
    const auto* x = mParentPlot->xAxis;
    const auto* y = mParentPlot->yAxis;
    return QRectF(QPointF(x->coordToPixel(column), y->coordToPixel(row)),
                  QPointF(x->coordToPixel(column + 1), y->coordToPixel(row + 1)))
        .normalized();
}

void HeatMap::draw(QCPPainter* painter) {
    painter->setFont(textFont(TextSize::Note));
    const QFontMetricsF metrics(painter->font());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const int row = static_cast<int>(i) / columns, column = static_cast<int>(i) % columns;
        // On whole pixels with a line of one between them.
        const QRectF cell = QRectF(rect(row, column).toRect()).adjusted(0, 0, -1, -1);
        painter->fillRect(cell, cells[i].fill);
        if (metrics.horizontalAdvance(cells[i].text) + 4 <= cell.width() &&
            metrics.ascent() <= cell.height()) {
            painter->setPen(cells[i].ink);
            painter->drawText(cell, Qt::AlignCenter, cells[i].text);
        }
        if (static_cast<int>(i) == marked) {
            painter->setPen(QPen(frame, scaled(2.0)));
            painter->setBrush(Qt::NoBrush);
            painter->drawRect(cell.adjusted(1, 1, -1, -1));
        }
    }
}

} // namespace stillroom
