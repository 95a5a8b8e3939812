// What lies on the axes of the plane: the picture of the density below, and above it the thresholds as lines,
// the selected region and the key to the colours. Plain drawing; who drags what is the plot's business.
#pragma once

#include "widgets/baseline.h"
#include "widgets/custom_plot.h"
#include "widgets/theme.h"

#include <QImage>
#include <QString>
#include <optional>
#include <utility>
#include <vector>

namespace stillroom {

/// The picture, a row of pixels from each edge to the next on the vertical axis, the lowest last, and from 0
/// to 1 across. Owned by the plot.
class PlaneImage : public QCPLayerable {
    Q_OBJECT
  public:
    explicit PlaneImage(QCustomPlot* plot) : QCPLayerable(plot, QStringLiteral("main")) {}
    bool shown = false;
    QImage image;
    std::vector<double> edges; ///< image.height() + 1, ascending, as they lie on the axis

  protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    void draw(QCPPainter* painter) override;

  private:
    void drawRows(QPainter& painter, const QRectF& area) const;
};

/// Lines and words. Owned by the plot.
class PlaneLines : public QCPLayerable {
    Q_OBJECT
  public:
    explicit PlaneLines(QCustomPlot* plot) : QCPLayerable(plot, QStringLiteral("overlay")) {}

    enum class Weight {
        Faint,    ///< one class of many
        Strong,   ///< what is looked at, and can be taken hold of
        Before,   ///< where it stands while something else is supposed
        Supposed, ///< where it would stand
    };
    struct Line {
        ThresholdSide side = ThresholdSide::Teacher;
        double value = 0;
        Weight weight = Weight::Strong;
        QString label;
        bool handle = false;
    };
    std::vector<Line> lines;
    std::optional<QRectF> brush; ///< in coordinates of the axes
    bool wholeHeight = false;    ///< the brush says nothing of the vertical axis

    QImage key; ///< one line of colours, from …
    QString keyFrom, keyTo, keyTitle;
    std::vector<std::pair<QColor, QString>> swatches; ///< or single colours, and what each means
    QString note;                                     ///< a muted line at the top, under the labels

    void clear();
    void setColours(const Theme& colours) { colours_ = colours; }

  protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    void draw(QCPPainter* painter) override;

  private:
    void drawLine(QCPPainter* painter, const QRectF& area, const Line& line) const;
    void drawLabel(QCPPainter* painter, const QRectF& area, const Line& line) const;
    void drawBrush(QCPPainter* painter, const QRectF& area) const;
    void drawKey(QCPPainter* painter, const QRectF& area) const;
    void drawSwatches(QCPPainter* painter, const QRectF& area) const;
    void drawNote(QCPPainter* painter, const QRectF& area) const;

    Theme colours_;
};

} // namespace stillroom
