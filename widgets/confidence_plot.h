// What kind was chosen: how sure the teacher is of all candidates, and of the kept.
#pragma once

#include "widgets/data_summary.h"
#include "widgets/plot.h"

#include <memory>

namespace stillroom {

class ConfidencePlot : public Plot {
    Q_OBJECT
  public:
    explicit ConfidencePlot(const LiveModel& model, QWidget* parent = nullptr);
    /// The training set, shown before a run and for what is right; may be null.
    void setSummary(std::shared_ptr<const DataSummary> summary);
    [[nodiscard]] PlotTable table() const override;

  protected:
    std::uint64_t revision() const override;
    void draw(const Theme& colours) override;
    QString emptyText() const override;
    bool optionMatters() const override { return model().step() > 0; }
    QString tipAt(const QPointF& position) const override;

  private:
    struct Bar {
        double low = 0, high = 0; ///< confidence
        double all = 0, kept = 0; ///< shares of their own totals
        double right = 0;         ///< of those with gold; NaN for none
    };
    [[nodiscard]] std::vector<Bar> bars() const;
    void choose(bool recent);

    std::shared_ptr<const DataSummary> summary_;
    bool recent_ = true;
    std::uint64_t changes_ = 0;
    QCPBars* all_;
    QCPBars* kept_;
};

} // namespace stillroom
