// Words on a plot: names beside the ends of curves, dashed lines where a setting was edited, a key of
// colours. Labels keep out of each other's way.
#pragma once

#include "widgets/custom_plot.h"
#include "widgets/theme.h"

#include <QString>
#include <vector>

namespace stillroom {

/// Drawn above the curves; part of every export. Owned by the plot. GUI thread.
class Annotations : public QCPLayerable {
    Q_OBJECT
  public:
    explicit Annotations(QCustomPlot* plot);

    struct Label { ///< beside a point of the axes
        double x = 0, y = 0;
        QString text;
        QColor colour;
        bool bold = false;
    };
    struct Mark { ///< a dashed line over the whole height, its text at the top
        double x = 0;
        QString text;
    };
    struct Key { ///< what a colour means: a square of it, or a piece of line with its marker
        QColor colour;
        QString text;
        QPen line = QPen(Qt::NoPen);
        QCPScatterStyle marker = {};
    };
    enum class KeyPlace { Top, Right };

    std::vector<Label> labels;
    std::vector<Mark> marks;
    std::vector<Key> keys;
    KeyPlace keyPlace = KeyPlace::Top;
    QString note; ///< a muted line under the keys at the top
    void clear();
    void setColours(const Theme& colours);
    /// The figure is `width` pixels wide and on paper: keys and note stand over the axes, in as many lines as
    /// they need, so that nothing lies under them and nothing is cut. 0: it is in the window.
    void setPaper(int width) { paper_ = width; }
    [[nodiscard]] bool keysAreAbove() const;
    [[nodiscard]] double heightAbove() const; ///< that they need there
    /// What the keys at the right need, in pixels.
    [[nodiscard]] int keysWidth() const;
    /// The same for the longest label, which may stand right of the axes.
    [[nodiscard]] int labelsWidth() const;

  protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    void draw(QCPPainter* painter) override;

  private:
    /// Words where they begin, over the axes.
    struct Placed {
        QPointF corner;
        QString text;
        const Key* key = nullptr; ///< null: a line of the note
    };
    [[nodiscard]] std::vector<Placed> placedAbove() const;
    void drawAbove(QCPPainter* painter) const;
    void drawSample(QCPPainter* painter, const Key& key, const QPointF& corner) const;
    void drawMarks(QCPPainter* painter, const QRectF& area);
    void drawKeys(QCPPainter* painter, const QRectF& area);
    void drawLabels(QCPPainter* painter, const QRectF& area);

    Theme colours_;
    int paper_ = 0;
    std::vector<QRectF> taken_; ///< by words, while drawing
};

} // namespace stillroom
