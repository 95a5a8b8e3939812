// What a cut at the teacher's confidence would buy: the accuracy of the texts it is at least so sure of, and
// how many are left.
#pragma once

#include "widgets/plot.h"
#include "widgets/teacher_series.h"

namespace stillroom {

class AccuracyByConfidencePlot : public Plot {
    Q_OBJECT
  public:
    explicit AccuracyByConfidencePlot(const LiveModel& model, QWidget* parent = nullptr);
    /// Series without a histogram are left out. `empty`: what to say when there is none to draw.
    void setSeries(const std::vector<TeacherSeries>& series, const QString& empty);
    [[nodiscard]] PlotTable table() const override;

  protected:
    std::uint64_t revision() const override { return changes_; }
    void draw(const Theme& colours) override;
    QString emptyText() const override;
    QString tipAt(const QPointF& position) const override;

  private:
    struct Point {
        double confidence = 0; ///< at least
        std::int64_t rows = 0;
        double share = 0;    ///< of all with gold
        double accuracy = 0; ///< of the rows
    };
    struct Curve {
        TeacherSeries::Role role;
        QString name;
        std::vector<Point> points; ///< ascending, one for each confidence that occurs
    };

    std::vector<Curve> curves_;
    QString empty_;
    std::uint64_t changes_ = 0;
    QCPGraph* share_;
    QList<QCPGraph*> graphs_;
};

} // namespace stillroom
