// How many were chosen: samples kept per step, the share of all candidates so far, stacked by class on
// demand.
#pragma once

#include "widgets/plot.h"

namespace stillroom {

class QuartersTicker;

class KeptPlot : public Plot {
    Q_OBJECT
  public:
    explicit KeptPlot(const LiveModel& model, QWidget* parent = nullptr);
    [[nodiscard]] PlotTable table() const override;

  protected:
    std::uint64_t revision() const override;
    void draw(const Theme& colours) override;
    QString emptyText() const override;
    QString tipAt(const QPointF& position) const override;
    void optionClicked() override;

  private:
    void drawTotal(const Theme& colours);
    void drawByClass(const Theme& colours);
    void drawShare(const Theme& colours);
    QCPGraph* area(int index);

    bool byClass_ = false;
    QSharedPointer<QuartersTicker> ticker_;
    QList<QCPGraph*> areas_; ///< the first is drawn first
    QCPGraph* line_;
    QCPGraph* share_;
};

/// Where the step axis ends: the run's last step, or, while it is at its very beginning, a little past the
/// present one, so that single steps can be seen.
[[nodiscard]] double stepAxisEnd(const LiveModel& model);

} // namespace stillroom
