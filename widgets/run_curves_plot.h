// Chosen runs as curves: every point faint, its smoothed course over it; runs that differ in their seed alone
// have one colour, or are one line with a band around it.
#pragma once

#include "core/experiment/curve_band.h"
#include "widgets/curve_reading.h"
#include "widgets/plot.h"

namespace stillroom {

class RunCurvesPlot : public Plot {
    Q_OBJECT
  public:
    /// What of the seeds' spread is shown.
    enum class Band { None, Deviation, Range };

    explicit RunCurvesPlot(const LiveModel& model, QWidget* parent = nullptr);

    /// `empty`: what to say when there is none to draw.
    void setCurves(std::vector<ReadCurve> curves, CurveValue value, CurveAxis axis, const QString& empty);
    void setSmoothing(double smoothing); ///< [0, 1)
    void setBand(Band band);
    [[nodiscard]] PlotTable table() const override;
    /// Groups of runs that differ in their seed alone, as they are drawn.
    [[nodiscard]] int groups() const { return static_cast<int>(groups_.size()); }

    [[nodiscard]] static QString valueName(CurveValue value); ///< "macro-F1 on validation"
    [[nodiscard]] static QString axisName(CurveAxis axis);    ///< "gradient samples"

  protected:
    std::uint64_t revision() const override { return changes_; }
    void draw(const Theme& colours) override;
    QString emptyText() const override;
    QString tipAt(const QPointF& position) const override;

  private:
    /// A curve as it is drawn.
    struct Drawn {
        QString name;
        int group = 0;
        RunCurve curve;
        std::vector<double> course; ///< smoothed, one a bucket
    };
    struct Group {
        QString name;
        std::vector<std::size_t> curves;
    };
    void smooth();
    void drawCurve(const Drawn& one, int number);
    bool drawBand(const Group& group, int number);
    /// How the line of a number of `number()` is drawn: on the screen without dashes where they would take
    /// long.
    [[nodiscard]] QPen line(int number, double width) const;
    /// A few of its points have the marker of its number.
    void mark(QCPGraph* graph, int number, qsizetype points) const;
    void label();
    void setRanges();
    QCPGraph* graph();
    [[nodiscard]] CurveLine lineOf(const Drawn& one) const;
    [[nodiscard]] int number(std::size_t curve) const; ///< of its look (series_look.h)
    [[nodiscard]] QString valueText(double value) const;

    std::vector<Drawn> drawn_;
    std::vector<Group> groups_;
    CurveValue value_ = CurveValue::MacroF1;
    CurveAxis axis_ = CurveAxis::Steps;
    QString empty_;
    double smoothing_ = 0;
    Band band_ = Band::None;
    std::uint64_t changes_ = 0;
    QList<QCPGraph*> graphs_;
    qsizetype used_ = 0; ///< of them, by this drawing
    Theme colours_;      ///< of this drawing
};

} // namespace stillroom
