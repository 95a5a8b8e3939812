#include "widgets/accuracy_by_confidence_plot.h"

#include "widgets/text.h"
#include "widgets/tickers.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace stillroom {
namespace {

class CutTicker : public QCPAxisTicker {
  public:
    CutTicker() { setTickCount(5); }

  protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return fixed(tick, 2); }
};

} // namespace

AccuracyByConfidencePlot::AccuracyByConfidencePlot(const LiveModel& model, QWidget* parent)
    : Plot(model, tr("Accuracy by confidence"), parent) {
    canvas()->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new CutTicker));
    canvas()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new PercentTicker(5)));
    share_ = canvas()->addGraph();
    share_->setPen(Qt::NoPen);
    share_->setAntialiased(false);
    share_->setLineStyle(QCPGraph::lsStepRight);
    setAccessibleDescription(tr("The accuracy of the texts of which the teacher is at least so sure, and the "
                                "share of all texts that they are."));
}

void AccuracyByConfidencePlot::setSeries(const std::vector<TeacherSeries>& series, const QString& empty) {
    curves_.clear();
    empty_ = empty;
    for (const auto& one : series) {
        const std::int64_t all = std::accumulate(one.withGold.begin(), one.withGold.end(), std::int64_t{0});
        if (all == 0)
            continue;
        Curve curve{one.role, one.name, {}};
        std::int64_t rows = 0, right = 0;
        for (std::size_t bin = one.withGold.size(); bin-- > 0;) {
            if (one.withGold[bin] == 0)
                continue;
            rows += one.withGold[bin];
            right += one.right[bin];
            curve.points.push_back({static_cast<double>(bin) / static_cast<double>(one.withGold.size()), rows,
                                    static_cast<double>(rows) / static_cast<double>(all),
                                    static_cast<double>(right) / static_cast<double>(rows)});
        }
        std::reverse(curve.points.begin(), curve.points.end());
        curves_.push_back(std::move(curve));
    }
    ++changes_;
    refresh();
}

QString AccuracyByConfidencePlot::emptyText() const {
    return curves_.empty()
               ? tr("What is right among the texts that the teacher is surest of.\n%1").arg(empty_)
               : QString();
}

void AccuracyByConfidencePlot::draw(const Theme& colours) {
    setAxisLabels(tr("confidence at least"), tr("share"));
    while (graphs_.size() < static_cast<qsizetype>(curves_.size())) {
        graphs_ << addTeacherCurve(canvas());
        graphs_.last()->setLineStyle(QCPGraph::lsStepRight);
    }
    for (auto* graph : graphs_)
        graph->setVisible(false);
    double low = 1;
    for (const auto& curve : curves_)
        low = std::min(low, curve.points.front().confidence);
    low = std::clamp(std::floor(low * 10 + 1e-6) / 10, 0.0, 0.9);
    canvas()->xAxis->setRange(low, 1);
    canvas()->yAxis->setRange(0, 1.14); // room for the key
    const bool few = std::all_of(curves_.begin(), curves_.end(),
                                 [](const Curve& curve) { return curve.points.size() <= 20; });
    for (std::size_t i = 0; i < curves_.size(); ++i) {
        const Curve& curve = curves_[i];
        QVector<double> x, accuracy, share;
        for (const auto& point : curve.points) {
            x << point.confidence;
            accuracy << point.accuracy;
            share << point.share;
        }
        auto* graph = graphs_[static_cast<qsizetype>(curves_.size() - 1 - i)];
        graph->setVisible(true);
        graph->setPen(seriesPen(curve.role, colours));
        graph->setScatterStyle(few ? seriesMarker(curve.role, colours)
                                   : QCPScatterStyle(QCPScatterStyle::ssNone));
        graph->setData(x, accuracy, true);
        annotations()->keys.push_back({seriesColour(curve.role, colours),
                                       curves_.size() == 1 ? tr("right") : curve.name, graph->pen(),
                                       graph->scatterStyle()});
        if (i != 0)
            continue;
        // From the left edge, and on to 1 where a cut above the last one would leave nothing.
        x.prepend(low);
        share.prepend(share.front());
        x << 1;
        share << 0;
        QColor left = colours.all;
        left.setAlphaF(0.5F);
        share_->setBrush(left);
        share_->setData(x, share, true);
    }
    annotations()->keys.push_back({colours.all, tr("texts left")});
}

QString AccuracyByConfidencePlot::tipAt(const QPointF& position) const {
    const double at = canvas()->xAxis->pixelToCoord(position.x());
    QStringList lines;
    for (const auto& curve : curves_) {
        const auto point = std::find_if(curve.points.begin(), curve.points.end(),
                                        [&](const Point& p) { return p.confidence >= at - 0.005; });
        if (point != curve.points.end())
            lines << tr("%1, at least %2 sure: right on %3 of %4 texts (%5 of all)")
                         .arg(curve.name, fixed(point->confidence, 2), percent(point->accuracy),
                              grouped(point->rows), percent(point->share));
    }
    return lines.join(u'\n');
}

PlotTable AccuracyByConfidencePlot::table() const {
    PlotTable table;
    table.columns = {tr("teacher"), tr("confidence at least"), tr("texts"), tr("share of all"),
                     tr("accuracy")};
    for (const auto& curve : curves_)
        for (const auto& point : curve.points)
            table.rows << QStringList{curve.name, fixed(point.confidence, 2), QString::number(point.rows),
                                      fixed(point.share, 5), fixed(point.accuracy, 5)};
    return table;
}

} // namespace stillroom
