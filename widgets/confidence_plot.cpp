#include "widgets/confidence_plot.h"

#include "widgets/text.h"
#include "widgets/tickers.h"

#include <QActionGroup>
#include <QMenu>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace stillroom {
namespace {

constexpr int Bins = WindowRecord::ConfidenceBins;
constexpr int FewValues = 14; // a teacher that states round numbers: a bar for each

class ConfidenceTicker : public QCPAxisTicker {
  public:
    ConfidenceTicker() { setTickCount(5); }

  protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return fixed(tick, 2); }
};

} // namespace

ConfidencePlot::ConfidencePlot(const LiveModel& model, QWidget* parent)
    : Plot(model, tr("Teacher confidence"), parent), all_(new QCPBars(canvas()->xAxis, canvas()->yAxis)),
      kept_(new QCPBars(canvas()->xAxis, canvas()->yAxis)) {
    canvas()->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ConfidenceTicker));
    canvas()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new PercentTicker(4)));
    for (auto* bars : {all_, kept_}) {
        bars->setPen(Qt::NoPen);
        bars->setAntialiased(false);
    }
    auto* menu = new QMenu;
    auto* group = new QActionGroup(menu);
    for (const bool recent : {true, false}) {
        auto* action = menu->addAction(recent ? tr("last 100 steps") : tr("whole run"), this,
                                       [this, recent] { choose(recent); });
        action->setCheckable(true);
        action->setChecked(recent == recent_);
        group->addAction(action);
    }
    setOptionMenu(menu);
    choose(true);
    setAccessibleDescription(
        tr("How the teacher's confidence is distributed over all candidates and over the kept."));
}

void ConfidencePlot::choose(bool recent) {
    recent_ = recent;
    setOption((recent ? tr("last 100 steps") : tr("whole run")) + QStringLiteral(" ▾"),
              tr("Which steps are counted"));
    refreshAll();
}

void ConfidencePlot::setSummary(std::shared_ptr<const DataSummary> summary) {
    summary_ = std::move(summary);
    ++changes_;
    refreshAll();
}

std::uint64_t ConfidencePlot::revision() const {
    return model().stepsRevision() + changes_;
}

QString ConfidencePlot::emptyText() const {
    const bool something = model().step() > 0 || (summary_ != nullptr && summary_->taught > 0);
    return something ? QString() : tr("How sure the teacher is of its labels.\n%1").arg(hint());
}

std::vector<ConfidencePlot::Bar> ConfidencePlot::bars() const {
    LiveModel::Histogram all{}, kept{};
    if (model().step() > 0) {
        all = recent_ ? model().recent().all : model().confidenceAll();
        kept = recent_ ? model().recent().keptBins : model().confidenceKept();
    } else if (summary_ != nullptr) {
        all = summary_->confidence;
    }
    const auto total = [](const auto& bins) {
        return std::max(1.0, static_cast<double>(std::accumulate(bins.begin(), bins.end(), std::int64_t{0})));
    };
    const double allTotal = total(all), keptTotal = total(kept);
    // The whole set decides which bars there are, so that they stand still while a run goes on.
    const auto& shape =
        summary_ != nullptr && summary_->taught > 0 ? summary_->confidence : model().confidenceAll();
    const auto occupied = std::count_if(shape.begin(), shape.end(), [](auto rows) { return rows > 0; });
    const auto lowest =
        std::find_if(shape.begin(), shape.end(), [](auto rows) { return rows > 0; }) - shape.begin();
    const int width = occupied <= FewValues ? 1 : Bins - lowest <= 20 ? 1 : Bins - lowest <= 50 ? 2 : 5;
    std::vector<Bar> bars;
    for (int bin = static_cast<int>(lowest) / width * width; bin < Bins; bin += width) {
        Bar bar;
        bar.low = static_cast<double>(bin) / Bins;
        bar.high = static_cast<double>(std::min(Bins, bin + width)) / Bins;
        std::int64_t gold = 0, right = 0, rows = 0;
        for (int b = bin; b < std::min(Bins, bin + width); ++b) {
            const auto i = static_cast<std::size_t>(b);
            bar.all += static_cast<double>(all[i]) / allTotal;
            bar.kept += static_cast<double>(kept[i]) / keptTotal;
            rows += shape[i];
            if (summary_ != nullptr) {
                gold += summary_->confidenceWithGold[i];
                right += summary_->confidenceRight[i];
            }
        }
        bar.right = gold == 0 ? std::numeric_limits<double>::quiet_NaN()
                              : static_cast<double>(right) / static_cast<double>(gold);
        if (rows > 0 || bar.all > 0)
            bars.push_back(bar);
    }
    return bars;
}

void ConfidencePlot::draw(const Theme& colours) {
    const auto shown = bars();
    const bool running = model().step() > 0;
    setAxisLabels(tr("confidence"), tr("share of texts"));
    all_->setBrush(colours.all);
    kept_->setBrush(colours.kept);
    if (shown.empty())
        return;
    const bool stated = shown.front().high - shown.front().low < 0.011 && shown.size() <= FewValues;
    // Bars of stated values stand on their value, so half a bar needs room at either end.
    const double low = std::floor(shown.front().low * 20 + 1e-6) / 20 - (stated ? 0.025 : 0);
    canvas()->xAxis->setRange(low, stated ? 1.005 : 1.0);
    // Two bars side by side, as wide as the closest neighbours allow.
    double apart = shown.front().high - shown.front().low;
    if (stated) {
        apart = 0.1;
        for (std::size_t i = 1; i < shown.size(); ++i)
            apart = std::min(apart, shown[i].low - shown[i - 1].low);
        apart = std::min(apart, (1 - low) / 14);
    }
    const double width = running ? apart * 0.45 : apart * 0.7;
    QVector<double> xAll, xKept, yAll, yKept;
    double highest = 0.01;
    for (const auto& bar : shown) {
        const double middle = stated ? bar.low : (bar.low + bar.high) / 2;
        xAll << (running ? middle - width * 0.54 : middle);
        xKept << middle + width * 0.54;
        yAll << bar.all;
        yKept << bar.kept;
        highest = std::max({highest, bar.all, bar.kept});
    }
    all_->setWidth(width);
    kept_->setWidth(width);
    all_->setData(xAll, yAll, true);
    kept_->setVisible(running);
    kept_->setData(xKept, yKept, true);
    // Room at the top for the key and a note.
    canvas()->yAxis->setRange(0, std::min(1.35, highest * 1.3));

    annotations()->keys = {{colours.all, running ? tr("all candidates") : tr("all texts")}};
    if (running)
        annotations()->keys.push_back({colours.kept, tr("kept")});
    std::vector<Bar> common = shown;
    std::erase_if(common, [](const Bar& bar) { return std::isnan(bar.right); });
    std::stable_sort(common.begin(), common.end(), [](const Bar& a, const Bar& b) { return a.all > b.all; });
    QStringList words;
    for (std::size_t i = 0; i < std::min<std::size_t>(2, common.size()); ++i)
        words << (stated ? tr("among %1: %2").arg(fixed(common[i].low, 2), percent(common[i].right, 0))
                         : tr("from %1: %2").arg(fixed(common[i].low, 2), percent(common[i].right, 0)));
    if (!words.isEmpty())
        annotations()->note = tr("right %1").arg(words.join(QStringLiteral(", ")));
}

QString ConfidencePlot::tipAt(const QPointF& position) const {
    const double at = canvas()->xAxis->pixelToCoord(position.x());
    for (const auto& bar : bars()) {
        if (at < bar.low - 0.004 || at > bar.high)
            continue;
        QString tip =
            tr("confidence %1 to %2: %3 of all").arg(fixed(bar.low, 2), fixed(bar.high, 2), percent(bar.all));
        if (model().step() > 0)
            tip += tr(", %1 of the kept").arg(percent(bar.kept));
        if (!std::isnan(bar.right))
            tip += tr("; the label is right on %1").arg(percent(bar.right));
        return tip;
    }
    return {};
}

PlotTable ConfidencePlot::table() const {
    PlotTable table;
    table.columns = {tr("confidence from"), tr("to"), tr("share of all"), tr("share of kept"),
                     tr("label right")};
    for (const auto& bar : bars())
        table.rows << QStringList{fixed(bar.low, 2), fixed(bar.high, 2), fixed(bar.all, 5),
                                  model().step() > 0 ? fixed(bar.kept, 5) : QString(), fixed(bar.right, 4)};
    return table;
}

} // namespace stillroom
