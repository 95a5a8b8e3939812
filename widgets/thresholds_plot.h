// Where the bar is: each class's thresholds now, or how they came there.
#pragma once

#include "widgets/plot.h"

class QScrollBar;

namespace stillroom {

class ThresholdBars;

class ThresholdsPlot : public Plot {
    Q_OBJECT
  public:
    explicit ThresholdsPlot(const LiveModel& model, QWidget* parent = nullptr);
    [[nodiscard]] PlotTable table() const override;

  protected:
    std::uint64_t revision() const override;
    void draw(const Theme& colours) override;
    QString emptyText() const override;
    double rowsHeight() const override;
    bool keepsOption() const override { return view_ != View::Now; }
    QString tipAt(const QPointF& position) const override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

  private:
    enum class View { Now, TeacherOverTime, StudentOverTime };
    void choose(View view);
    void drawNow(const Theme& colours);
    void drawOverTime(const Theme& colours);
    void placeScrollBar();
    [[nodiscard]] const std::vector<double>& side(const Thresholds& thresholds) const;

    View view_ = View::Now;
    std::uint64_t changes_ = 0;
    ThresholdBars* bars_;
    QScrollBar* scroll_;
    QList<QCPGraph*> curves_;
};

} // namespace stillroom
