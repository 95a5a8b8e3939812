// The present thresholds as rows of bars, one a class: what the teacher and the student must at least reach.
#pragma once

#include "widgets/custom_plot.h"
#include "widgets/theme.h"

#include <QStringList>
#include <vector>

namespace stillroom {

/// Fills the canvas, owned by it. More classes than fit are scrolled with `setFirst`.
class ThresholdBars : public QCPLayoutElement {
    Q_OBJECT
  public:
    explicit ThresholdBars(QCustomPlot* plot);
    /// Either side may be empty: the rule has no such threshold.
    void setRows(const QStringList& names, const std::vector<double>& teacher,
                 const std::vector<double>& student);
    void setColours(const Theme& colours) { colours_ = colours; }
    void setFirst(int row);
    [[nodiscard]] int first() const { return first_; }
    [[nodiscard]] int rowsThatFit() const;
    /// What so many rows need, in pixels.
    [[nodiscard]] static double heightOf(std::size_t rows);
    [[nodiscard]] int rowAt(const QPointF& position) const; ///< −1: none

  protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    void draw(QCPPainter* painter) override;

  private:
    [[nodiscard]] double rowHeight() const;

    QStringList names_;
    std::vector<double> teacher_, student_;
    int first_ = 0;
    Theme colours_;
};

} // namespace stillroom
