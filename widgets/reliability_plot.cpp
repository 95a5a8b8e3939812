#include "widgets/reliability_plot.h"

#include "widgets/text.h"
#include "widgets/tickers.h"

#include <QActionGroup>
#include <QMenu>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

constexpr double CountsHeight = 0.24; // of the plot: the bars stand at its foot

class ShareTicker : public QCPAxisTicker {
  public:
    ShareTicker() { setTickCount(5); }

  protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return fixed(tick, 2); }
};

} // namespace

ReliabilityPlot::ReliabilityPlot(const LiveModel& model, QWidget* parent)
    : Plot(model, tr("Reliability"), parent), counts_(new QCPBars(canvas()->xAxis, canvas()->yAxis2)) {
    canvas()->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ShareTicker));
    canvas()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ShareTicker));
    counts_->setPen(Qt::NoPen);
    counts_->setAntialiased(false);
    ideal_ = canvas()->addGraph();
    meant_ = canvas()->addGraph();
    shaded_ = canvas()->addGraph();
    for (auto* graph : {meant_, shaded_})
        graph->setPen(Qt::NoPen);
    auto* menu = new QMenu;
    auto* group = new QActionGroup(menu);
    for (const bool mass : {false, true}) {
        auto* action = menu->addAction(mass ? tr("bins of equal mass") : tr("bins of equal width"), this,
                                       [this, mass] { choose(mass); });
        action->setCheckable(true);
        action->setChecked(mass == mass_);
        group->addAction(action);
    }
    setOptionMenu(menu);
    choose(false);
    setAccessibleDescription(
        tr("Accuracy against confidence, in 15 bins; the diagonal is a teacher whose confidence is as good "
           "as its word."));
}

void ReliabilityPlot::choose(bool mass) {
    mass_ = mass;
    setOption((mass ? tr("equal mass") : tr("equal width")) + QStringLiteral(" ▾"),
              tr("Bins of equal width, or of equally many texts"));
    ++changes_;
    refreshAll();
}

void ReliabilityPlot::setSeries(std::vector<TeacherSeries> series, const QString& empty) {
    series_ = std::move(series);
    empty_ = empty;
    ++changes_;
    refresh();
}

QString ReliabilityPlot::emptyText() const {
    return series_.empty() ? tr("How often the teacher is right when it says how sure it is.\n%1").arg(empty_)
                           : QString();
}

const ReliabilityPlot::Bins& ReliabilityPlot::binsOf(const TeacherSeries& series) const {
    return mass_ ? series.quality.massBins : series.quality.bins;
}

void ReliabilityPlot::setRanges() {
    double lowest = 1;
    for (const auto& series : series_)
        for (const auto& bin : binsOf(series))
            if (bin.rows > 0)
                lowest = std::min({lowest, bin.confidence, bin.low, bin.accuracy});
    low_ = std::clamp(std::floor(lowest * 10 + 1e-6) / 10, 0.0, 0.9);
    canvas()->xAxis->setRange(low_, 1);
    // Room for the key over the curves.
    canvas()->yAxis->setRange(low_, 1 + (1 - low_) * 0.12);
}

void ReliabilityPlot::drawCounts(const Theme& colours) {
    const auto& bins = series_.front().quality.bins;
    QVector<double> x, share;
    double most = 0;
    for (const auto& bin : bins) {
        x << (bin.low + bin.high) / 2;
        share << static_cast<double>(bin.rows) /
                     static_cast<double>(std::max<std::int64_t>(1, series_.front().quality.rows));
        most = std::max(most, share.last());
    }
    counts_->setBrush(colours.all);
    counts_->setWidth(bins.empty() ? 1 : 0.92 / static_cast<double>(bins.size()));
    counts_->setData(x, share, true);
    canvas()->yAxis2->setRange(0, std::max(0.01, most) / CountsHeight);
    annotations()->keys.push_back({colours.all, tr("share of texts, at most %1").arg(percent(most, 0))});
}

void ReliabilityPlot::drawSeries(std::size_t index, const Theme& colours) {
    const TeacherSeries& series = series_[index];
    QVector<double> confidence, accuracy;
    for (const auto& bin : binsOf(series)) {
        if (bin.rows == 0)
            continue;
        confidence << bin.confidence;
        accuracy << bin.accuracy;
    }
    // The one that counts is the last curve, so that it lies on top.
    auto* graph = curves_[static_cast<qsizetype>(series_.size() - 1 - index)];
    graph->setVisible(true);
    graph->setPen(seriesPen(series.role, colours));
    graph->setScatterStyle(seriesMarker(series.role, colours));
    graph->setData(confidence, accuracy, true);
    annotations()->keys.push_back(
        {seriesColour(series.role, colours), series.name, graph->pen(), graph->scatterStyle()});
    if (series.role != TeacherSeries::Role::Now)
        return;
    QColor gap = colours.warning;
    gap.setAlphaF(0.16F);
    meant_->setData(confidence, confidence, true);
    shaded_->setData(confidence, accuracy, true);
    shaded_->setBrush(gap);
    shaded_->setChannelFillGraph(meant_);
}

void ReliabilityPlot::draw(const Theme& colours) {
    setAxisLabels(tr("confidence (mean of the bin)"), tr("accuracy"));
    setRanges();
    while (curves_.size() < static_cast<qsizetype>(series_.size()))
        curves_ << addTeacherCurve(canvas());
    for (auto* graph : curves_)
        graph->setVisible(false);
    ideal_->setPen(QPen(colours.muted, scaled(1.0), Qt::DotLine));
    ideal_->setData({low_, 1.0}, {low_, 1.0}, true);
    for (std::size_t i = 0; i < series_.size(); ++i)
        drawSeries(i, colours);
    drawCounts(colours);
}

QString ReliabilityPlot::tipAt(const QPointF& position) const {
    double nearest = 18; // pixels
    QString tip;
    for (const auto& series : series_)
        for (const auto& bin : binsOf(series)) {
            if (bin.rows == 0)
                continue;
            const double away = std::hypot(canvas()->xAxis->coordToPixel(bin.confidence) - position.x(),
                                           canvas()->yAxis->coordToPixel(bin.accuracy) - position.y());
            if (away >= nearest)
                continue;
            nearest = away;
            tip = tr("%1\nconfidence %2 to %3, %4 on average: %5 texts, right on %6")
                      .arg(series.name, fixed(bin.low, 2), fixed(bin.high, 2), fixed(bin.confidence, 3),
                           grouped(bin.rows), percent(bin.accuracy));
        }
    return tip;
}

PlotTable ReliabilityPlot::table() const {
    PlotTable table;
    table.columns = {tr("teacher"),  tr("confidence from"),      tr("to"), tr("texts"), tr("mean confidence"),
                     tr("accuracy"), tr("accuracy − confidence")};
    for (const auto& series : series_)
        for (const auto& bin : binsOf(series))
            if (bin.rows > 0)
                table.rows << QStringList{series.name,
                                          fixed(bin.low, 4),
                                          fixed(bin.high, 4),
                                          QString::number(bin.rows),
                                          fixed(bin.confidence, 5),
                                          fixed(bin.accuracy, 5),
                                          fixed(bin.accuracy - bin.confidence, 5)};
    return table;
}

} // namespace stillroom
