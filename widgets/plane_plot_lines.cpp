// The plane's thresholds as lines, and what it says in words and numbers.
#include "widgets/plane_layer.h"
#include "widgets/plane_plot.h"
#include "widgets/run_controller.h"
#include "widgets/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace stillroom {

// ── the thresholds ──────────────────────────────────────────────────────────────────────────────────────

double PlanePlot::middleOf(const std::vector<double>& thresholds) const {
    if (const int label = lab_->chosenClass(); label >= 0 && label < static_cast<int>(thresholds.size()))
        return thresholds[static_cast<std::size_t>(label)];
    return std::accumulate(thresholds.begin(), thresholds.end(), 0.0) /
           static_cast<double>(std::max<std::size_t>(1, thresholds.size()));
}

QString PlanePlot::wordsFor(ThresholdSide side, const std::vector<double>& thresholds) const {
    const auto [low, high] = std::minmax_element(thresholds.begin(), thresholds.end());
    const bool one = lab_->chosenClass() >= 0 || *high - *low < 0.005;
    const auto number = [](double threshold) { return fixed(threshold, threshold < 0.1 ? 3 : 2); };
    const QString value =
        one ? number(middleOf(thresholds)) : tr("%1 to %2 by class").arg(number(*low), number(*high));
    return (side == ThresholdSide::Teacher ? tr("teacher ≥ %1") : tr("student ≥ %1")).arg(value);
}

double PlanePlot::baseOf(ThresholdSide side, int label) const {
    const auto& thresholds = lab_->baseline().of(side);
    const Hypothesis& hypothesis = lab_->hypothesis();
    const auto s = static_cast<std::size_t>(side);
    if (label != LabModel::AllClasses) // one class: what it is without its own factor
        return thresholds[static_cast<std::size_t>(label)] * hypothesis.together[s];
    double sum = 0;
    for (std::size_t k = 0; k < thresholds.size(); ++k)
        sum += thresholds[k] * hypothesis.factor(side, k) / hypothesis.together[s];
    return sum / static_cast<double>(std::max<std::size_t>(1, thresholds.size()));
}

void PlanePlot::addLines(ThresholdSide side) {
    const auto& now = lab_->baseline().of(side);
    if (now.empty() || (side == ThresholdSide::Student && stripOnly()))
        return;
    const Thresholds all = lab_->supposed();
    const auto& then = side == ThresholdSide::Teacher ? all.teacher : all.student;
    const Handle handle = handleOf(side, lab_->baseline());
    const bool draggable = lab_->chosenClass() >= 0 ? handle.byClass : handle.together;
    const bool moved = then != now;
    using Weight = PlaneLines::Weight;
    const auto add = [&](double value, Weight weight, const QString& label = {}, bool grip = false) {
        lines_->lines.push_back(
            {side, side == ThresholdSide::Student ? up(value) : value, weight, label, grip});
    };
    for (const double threshold : then)
        add(threshold, Weight::Faint);
    const double middle = middleOf(now);
    if (moved && std::abs(middleOf(then) - middle) > 1e-4)
        add(middle, Weight::Before);
    add(middleOf(then), moved ? Weight::Supposed : Weight::Strong,
        moved ? tr("%1 (now %2)").arg(wordsFor(side, then), fixed(middle, middle < 0.1 ? 3 : 2))
              : wordsFor(side, then),
        draggable && !onPaper());
}

void PlanePlot::drawLines() {
    addLines(ThresholdSide::Teacher);
    addLines(ThresholdSide::Student);
}

// ── words and numbers ───────────────────────────────────────────────────────────────────────────────────

QString PlanePlot::tipAt(const QPointF& position) const {
    if (!canvas()->axisRect()->rect().contains(position.toPoint()))
        return {};
    if (lineAt(position))
        return tr("Drag, or press an arrow key, to see what another threshold would keep.");
    const QPointF at = toAxes(position);
    if (stripOnly())
        return tr("confidence %1").arg(fixed(at.x(), 2));
    if (seen_.columns == 0 || edges_.size() < 2)
        return {};
    const int column = std::clamp(static_cast<int>(at.x() * seen_.columns), 0, seen_.columns - 1);
    const auto edge = std::upper_bound(edges_.begin() + 1, edges_.end() - 1, at.y());
    const auto row = static_cast<std::size_t>(edge - edges_.begin() - 1);
    const std::size_t cell = row * static_cast<std::size_t>(seen_.columns) + static_cast<std::size_t>(column);
    QString tip = tr("confidence %1 to %2, uncertainty %3 to %4: %5 texts")
                      .arg(fixed(static_cast<double>(column) / seen_.columns, 3),
                           fixed(static_cast<double>(column + 1) / seen_.columns, 3), fixed(edges_[row], 3),
                           fixed(edges_[row + 1], 3), grouped(seen_.all[cell]));
    if (const auto gold = seen_.right[cell] + seen_.wrong[cell]; gold > 0)
        tip += tr(", the teacher is right on %1")
                   .arg(percent(static_cast<double>(seen_.right[cell]) / static_cast<double>(gold), 0));
    return tip;
}

PlotTable PlanePlot::table() const {
    PlotTable table;
    if (stripOnly()) {
        table.columns = {tr("confidence from"), tr("to"), tr("texts")};
        if (const auto summary = lab_->controller()->summary())
            for (int bin = 0; bin < DataSummary::Bins; ++bin)
                if (const auto rows = summary->confidence[static_cast<std::size_t>(bin)]; rows > 0)
                    table.rows << QStringList{fixed(bin / double(DataSummary::Bins), 2),
                                              fixed((bin + 1) / double(DataSummary::Bins), 2),
                                              QString::number(rows)};
        return table;
    }
    // Twenty by twenty: what a person can read.
    constexpr int Coarse = 20;
    struct Sum {
        std::int64_t all = 0, right = 0, wrong = 0;
    };
    std::array<Sum, std::size_t{Coarse} * Coarse> sums{};
    const DensityMap& map = *density_->map();
    for (int row = 0; row < map.rows; ++row)
        for (int column = 0; column < map.columns; ++column) {
            const auto cell = static_cast<std::size_t>(row) * static_cast<std::size_t>(map.columns) +
                              static_cast<std::size_t>(column);
            auto& sum = sums[static_cast<std::size_t>(row * Coarse / map.rows * Coarse +
                                                      column * Coarse / map.columns)];
            sum.all += map.all[cell];
            sum.right += map.right[cell];
            sum.wrong += map.wrong[cell];
        }
    table.columns = {tr("confidence from"), tr("to"),   tr("uncertainty from"), tr("to"), tr("texts"),
                     tr("label right"),     tr("wrong")};
    for (int i = 0; i < Coarse * Coarse; ++i) {
        const Sum& sum = sums[static_cast<std::size_t>(i)];
        if (sum.all == 0)
            continue;
        const double column = i % Coarse, row = i / Coarse;
        table.rows << QStringList{fixed(column / Coarse, 2), fixed((column + 1) / Coarse, 2),
                                  fixed(row / Coarse, 2),    fixed((row + 1) / Coarse, 2),
                                  QString::number(sum.all),  QString::number(sum.right),
                                  QString::number(sum.wrong)};
    }
    return table;
}

} // namespace stillroom
