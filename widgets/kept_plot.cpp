#include "widgets/kept_plot.h"

#include "widgets/text.h"
#include "widgets/tickers.h"

#include <algorithm>
#include <numeric>

namespace stillroom {
namespace {

constexpr std::size_t StackedPoints = 100;
constexpr std::size_t ClassesApart = 7; // the others are summed: more colours cannot be told apart

/// The classes of which most was kept, then the sum of the others as −1.
std::vector<int> classesToShow(const std::vector<std::int64_t>& kept) {
    std::vector<int> order(kept.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return kept[static_cast<std::size_t>(a)] > kept[static_cast<std::size_t>(b)];
    });
    if (order.size() > ClassesApart + 1) {
        order.resize(ClassesApart);
        order.push_back(-1);
    }
    return order;
}

} // namespace

double stepAxisEnd(const LiveModel& model) {
    const auto total = static_cast<double>(std::max(model.totalSteps(), model.step()));
    const auto step = static_cast<double>(model.step());
    return step * 50 < total ? std::min(total, niceCeiling(std::max(20.0, step * 1.5)))
                             : std::max(1.0, total);
}

KeptPlot::KeptPlot(const LiveModel& model, QWidget* parent)
    : Plot(model, tr("Samples kept per step"), parent), ticker_(new QuartersTicker) {
    canvas()->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new GroupedTicker(5)));
    canvas()->yAxis->setTicker(ticker_);
    area(0);
    area(1);
    line_ = canvas()->addGraph();
    share_ = canvas()->addGraph();
    setOption(tr("stack by class"), tr("Show of which class the kept samples are"));
    setAccessibleDescription(tr("Samples kept of each candidate batch against the step, and the share of all "
                                "candidates kept so far."));
}

std::uint64_t KeptPlot::revision() const {
    return model().stepsRevision() + model().editsRevision();
}

QString KeptPlot::emptyText() const {
    return model().step() > 0 ? QString()
                              : tr("How many samples the rule keeps of each batch.\n%1").arg(hint());
}

void KeptPlot::optionClicked() {
    byClass_ = !byClass_;
    setOption(byClass_ ? tr("all classes together") : tr("stack by class"),
              tr("Show of which class the kept samples are"));
    refreshAll();
}

QCPGraph* KeptPlot::area(int index) {
    while (areas_.size() <= index) {
        auto* graph = canvas()->addGraph();
        graph->setPen(Qt::NoPen);
        graph->setAntialiased(false);
        areas_ << graph;
    }
    return areas_[index];
}

void KeptPlot::draw(const Theme& colours) {
    const auto batch = model().started().batch;
    const auto buckets = model().kept().buckets();
    setAxisLabels(tr("step"), batch > 0 ? tr("samples of %1").arg(grouped(batch)) : tr("samples"));
    canvas()->xAxis->setRange(0, stepAxisEnd(model()));
    ticker_->setWhole(batch);
    canvas()->yAxis->setRange(0, static_cast<double>(std::max<std::int64_t>(1, batch)));
    for (auto* graph : areas_)
        graph->setVisible(false);
    if (byClass_)
        drawByClass(colours);
    else
        drawTotal(colours);
    if (!buckets.empty())
        drawShare(colours);
    addEditMarks([](const EditMark& edit) { return static_cast<double>(edit.step); });
}

void KeptPlot::drawTotal(const Theme& colours) {
    // The area up to the mean, over a paler one up to the most: how much single steps differ.
    QVector<double> x, mean, most;
    for (const auto& bucket : model().kept().buckets()) {
        x << bucket.middle();
        mean << bucket.mean();
        most << bucket.high;
    }
    setRightMargin(0);
    QColor pale = colours.keptSoft;
    pale =
        QColor((pale.red() + 2 * colours.surface.red()) / 3, (pale.green() + 2 * colours.surface.green()) / 3,
               (pale.blue() + 2 * colours.surface.blue()) / 3);
    auto* spread = area(0);
    for (auto* graph : areas_)
        graph->setPen(Qt::NoPen);
    spread->setVisible(true);
    spread->setBrush(pale);
    spread->setData(x, most, true);
    auto* body = area(1);
    body->setVisible(true);
    body->setBrush(colours.keptSoft);
    body->setData(x, mean, true);
    line_->setVisible(true);
    line_->setPen(QPen(colours.kept, scaled(1.0)));
    line_->setData(x, mean, true);
}

void KeptPlot::drawByClass(const Theme& colours) {
    line_->setVisible(false);
    const auto shown = classesToShow(model().keptByClass());
    const auto& stretches = model().stretches();
    // Neighbours are put together until there are few enough to tell layers from noise.
    const std::size_t together = (stretches.size() + StackedPoints - 1) / StackedPoints;
    const auto count = static_cast<qsizetype>((stretches.size() + std::max<std::size_t>(1, together) - 1) /
                                              std::max<std::size_t>(1, together));
    QVector<double> x(count), steps(count);
    std::vector<QVector<double>> parts(shown.size(), QVector<double>(count, 0.0));
    // Where each class is shown; those that are not come last, as one.
    std::vector<std::size_t> places(model().classes().size(), shown.size() - 1);
    for (std::size_t i = 0; i < shown.size(); ++i)
        if (shown[i] >= 0)
            places[static_cast<std::size_t>(shown[i])] = i;
    for (std::size_t s = 0; s < stretches.size(); ++s) {
        const auto& stretch = stretches[s];
        const auto point = static_cast<qsizetype>(s / together);
        x[point] = static_cast<double>(stretch.lastStep);
        steps[point] += static_cast<double>(stretch.lastStep - stretch.firstStep + 1);
        for (std::size_t k = 0; k < stretch.keptByClass.size() && k < places.size(); ++k)
            parts[places[k]][point] += static_cast<double>(stretch.keptByClass[k]);
    }
    // Each area reaches from zero to its class and all under it; the tallest is drawn first.
    std::vector<QVector<double>> tops(shown.size());
    QVector<double> sum(count, 0.0);
    for (std::size_t i = shown.size(); i-- > 0;) {
        for (qsizetype point = 0; point < count; ++point)
            sum[point] += parts[i][point] / steps[point];
        tops[i] = sum;
    }
    for (std::size_t i = 0; i < shown.size(); ++i) {
        auto* graph = area(static_cast<int>(i));
        const QColor colour = colours.series(shown[i] < 0 ? 7 : static_cast<int>(i));
        graph->setVisible(true);
        graph->setBrush(colour);
        graph->setPen(QPen(colours.surface, scaled(0.3))); // layers are told apart without colour too
        graph->setData(x, tops[i], true);
        annotations()->keys.push_back(
            {colour, shown[i] < 0 ? tr("%n others", nullptr,
                                       static_cast<int>(model().keptByClass().size() - ClassesApart))
                                  : toQString(model().classes()[static_cast<std::size_t>(shown[i])])});
    }
    annotations()->keyPlace = Annotations::KeyPlace::Right;
    if (onPaper())
        annotations()->note = tr("From the top layer to the lowest, as they are named");
    setRightMargin(annotations()->keysWidth() + 10);
}

void KeptPlot::drawShare(const Theme& colours) {
    const auto whole = static_cast<double>(model().started().batch);
    QVector<double> x, y;
    for (const auto& bucket : model().share().buckets()) {
        x << static_cast<double>(bucket.last);
        y << bucket.latest * whole;
    }
    share_->setPen(QPen(colours.text, scaled(2.0)));
    share_->setData(x, y, true);
    // Beside the end; where there is no room any more, over the highest of what it would cover.
    double height = y.back();
    const double axis = canvas()->xAxis->range().upper;
    for (qsizetype i = 0; i < x.size() && x.back() > axis * 0.74; ++i)
        if (x[i] > axis * 0.72)
            height = std::max(height, y[i]);
    annotations()->labels.push_back(
        {x.back(), height, tr("share so far %1").arg(percent(y.back() / whole)), colours.text, false});
}

QString KeptPlot::tipAt(const QPointF& position) const {
    const double step = canvas()->xAxis->pixelToCoord(position.x());
    for (const auto& bucket : model().kept().buckets()) {
        if (step < static_cast<double>(bucket.first) - 0.5 || step > static_cast<double>(bucket.last) + 0.5)
            continue;
        if (bucket.count == 1)
            return tr("step %1: %2 kept").arg(grouped(bucket.first)).arg(bucket.sum);
        return tr("steps %1 to %2: %3 kept on average, %4 to %5")
            .arg(grouped(bucket.first), grouped(bucket.last), fixed(bucket.mean(), 1), fixed(bucket.low, 0),
                 fixed(bucket.high, 0));
    }
    return {};
}

PlotTable KeptPlot::table() const {
    PlotTable table;
    table.columns = {tr("first step"), tr("last step"), tr("kept, mean"),
                     tr("least"),      tr("most"),      tr("share so far")};
    const auto kept = model().kept().buckets(), share = model().share().buckets();
    for (std::size_t i = 0; i < kept.size(); ++i)
        table.rows << QStringList{QString::number(kept[i].first), QString::number(kept[i].last),
                                  fixed(kept[i].mean(), 3),       fixed(kept[i].low, 0),
                                  fixed(kept[i].high, 0),         fixed(share[i].latest, 5)};
    return table;
}

} // namespace stillroom
