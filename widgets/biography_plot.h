// A sample's uncertainty over the epochs against the bar of its class, and when it was kept; or the same of
// the teacher's confidence in it.
#pragma once

#include "core/lab/biography.h"
#include "widgets/plot.h"

#include <vector>

namespace stillroom {

class BiographyPlot : public Plot {
    Q_OBJECT
  public:
    explicit BiographyPlot(const LiveModel& model, QWidget* parent = nullptr);

    /// `confidence`: the teacher's. `empty`: what to say while there are no entries.
    void setEntries(std::vector<BiographyEntry> entries, double confidence, const QString& empty);
    [[nodiscard]] PlotTable table() const override;
    /// Of the line with title and option.
    [[nodiscard]] int headHeight() const;

  protected:
    [[nodiscard]] std::uint64_t revision() const override { return changes_; }
    void draw(const Theme& colours) override;
    [[nodiscard]] QString emptyText() const override;
    [[nodiscard]] QString tipAt(const QPointF& position) const override;

  private:
    enum class View { Automatic, Uncertainty, Confidence };
    void choose(View view);
    [[nodiscard]] bool showsConfidence() const;
    [[nodiscard]] double valueOf(const BiographyEntry& entry) const; ///< NaN: none
    [[nodiscard]] const std::optional<BiographyEntry::Bar>& barOf(const BiographyEntry& entry) const;

    QCPGraph* low_;
    QCPGraph* high_;
    QCPGraph* line_;
    QCPGraph* kept_;
    QCPGraph* refused_;
    std::vector<BiographyEntry> entries_;
    double confidence_ = 0;
    QString empty_;
    View view_ = View::Automatic;
    std::uint64_t changes_ = 1;
};

} // namespace stillroom
