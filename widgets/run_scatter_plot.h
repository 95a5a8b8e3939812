// Runs as points: any number of theirs against any other, or against a setting. Runs of one rule have one
// colour.
#pragma once

#include "widgets/plot.h"
#include "widgets/runs_model.h"

namespace stillroom {

class RunScatterPlot : public Plot {
    Q_OBJECT
  public:
    explicit RunScatterPlot(const LiveModel& model, QWidget* parent = nullptr);

    /// `x`, `y`: columns of run_columns.h. A setting that is no number is an axis of words. Runs without one
    /// of the two are left out.
    void setRuns(const std::vector<SharedRun>& runs, int x, int y, const QString& empty);
    [[nodiscard]] PlotTable table() const override;
    [[nodiscard]] int points() const { return static_cast<int>(points_.size()); }
    /// Whether the axis of `x` is one of words, and their order.
    [[nodiscard]] const QStringList& words() const { return words_; }

  protected:
    std::uint64_t revision() const override { return changes_; }
    void draw(const Theme& colours) override;
    QString emptyText() const override;
    QString tipAt(const QPointF& position) const override;

  private:
    struct Point {
        double x = 0, y = 0;
        int series = 0;
        QString name, xText, yText;
    };
    std::vector<Point> points_;
    QStringList series_, words_;
    int x_ = 0, y_ = 0;
    QString empty_;
    std::uint64_t changes_ = 0;
    QList<QCPGraph*> graphs_;
};

} // namespace stillroom
