// Was it worth it: accuracy and macro-F1 on validation against work, with the teacher's own accuracy and the
// earlier runs of this session behind.
#pragma once

#include "widgets/plot.h"

namespace stillroom {

class AccuracyPlot : public Plot {
    Q_OBJECT
  public:
    explicit AccuracyPlot(const LiveModel& model, QWidget* parent = nullptr);
    /// The teacher's accuracy on its own texts; NaN when there is no gold to say.
    void setTeacherAccuracy(double accuracy);
    [[nodiscard]] PlotTable table() const override;

  protected:
    std::uint64_t revision() const override;
    void draw(const Theme& colours) override;
    QString emptyText() const override;
    QString tipAt(const QPointF& position) const override;

  private:
    enum class Across { Steps, Epochs, Gradient, Distinct };
    enum class Up { Both, Accuracy, MacroF1 };
    void choose();
    [[nodiscard]] double x(const EvaluationPoint& point) const;
    [[nodiscard]] double y(const EvaluationPoint& point) const;
    QCPGraph* curve(qsizetype index);
    void setRanges();

    Across across_ = Across::Steps;
    Up up_ = Up::Both;
    double teacher_;
    std::uint64_t changes_ = 0;
    QList<QCPGraph*> curves_; ///< the teacher's line, accuracy, macro-F1, then earlier runs
};

} // namespace stillroom
