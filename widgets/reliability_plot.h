// Does the teacher mean what it says: among texts of one confidence, the share on which it is right. On the
// diagonal both are equal; the shaded gap is what the calibration error sums up.
#pragma once

#include "widgets/plot.h"
#include "widgets/teacher_series.h"

namespace stillroom {

class ReliabilityPlot : public Plot {
    Q_OBJECT
  public:
    explicit ReliabilityPlot(const LiveModel& model, QWidget* parent = nullptr);
    /// `empty`: what to say when there is none to draw.
    void setSeries(std::vector<TeacherSeries> series, const QString& empty);
    [[nodiscard]] PlotTable table() const override;

  protected:
    std::uint64_t revision() const override { return changes_; }
    void draw(const Theme& colours) override;
    QString emptyText() const override;
    QString tipAt(const QPointF& position) const override;

  private:
    using Bins = std::vector<TeacherQuality::Bin>;
    void choose(bool mass);
    [[nodiscard]] const Bins& binsOf(const TeacherSeries& series) const;
    void setRanges();
    void drawCounts(const Theme& colours);
    void drawSeries(std::size_t index, const Theme& colours);

    std::vector<TeacherSeries> series_;
    QString empty_;
    bool mass_ = false;
    std::uint64_t changes_ = 0;
    double low_ = 0; ///< where the axes of confidence and accuracy begin
    QCPBars* counts_;
    QCPGraph* ideal_;  ///< the diagonal
    QCPGraph* meant_;  ///< the diagonal at the confidences of the curve: the gap is filled up to it
    QCPGraph* shaded_; ///< the curve again, for the filling
    QList<QCPGraph*> curves_;
};

} // namespace stillroom
