#include "widgets/run_curves_plot.h"

#include "widgets/series_look.h"
#include "widgets/text.h"
#include "widgets/tickers.h"

#include "core/experiment/curve_smoothing.h"
#include "core/experiment/setting_difference.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace stillroom {
namespace {

constexpr std::size_t MostNames = 12;          // beside the curves
constexpr std::size_t MostOnPaper = 30;        // where there is nothing to point at
constexpr int MostColours = 8;                 // so many seeds of one experiment are told apart
constexpr qsizetype FewPoints = 60;            // of a curve: each has a marker
constexpr int SomePoints = 9, LeastPoints = 5; // that have one, of few curves and of many
constexpr qsizetype MostDashed = 20'000;       // points: drawing more of them dashed is felt in a window

bool isShare(CurveValue value) {
    return value == CurveValue::Accuracy || value == CurveValue::MacroF1 || value == CurveValue::KeptShare;
}

bool ofEvaluations(CurveValue value) {
    return value != CurveValue::TrainingLoss && value != CurveValue::KeptShare;
}

class MinutesTicker : public QCPAxisTicker {
  protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        return tick == 0 ? QStringLiteral("0") : duration(tick);
    }
};

/// So many decimals as the step needs.
class LossTicker : public QCPAxisTicker {
  public:
    LossTicker() { setTickCount(5); }

  protected:
    double getTickStep(const QCPRange& range) override {
        const double step = QCPAxisTicker::getTickStep(range);
        decimals_ = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6);
        return step;
    }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return fixed(tick, decimals_); }

  private:
    int decimals_ = 2;
};

QString unitName(CurveValue value) {
    switch (value) {
    case CurveValue::Accuracy:
        return RunCurvesPlot::tr("accuracy");
    case CurveValue::MacroF1:
        return RunCurvesPlot::tr("macro-F1");
    case CurveValue::KeptShare:
        return RunCurvesPlot::tr("share kept");
    case CurveValue::Loss:
    case CurveValue::TrainingLoss:
        break;
    }
    return RunCurvesPlot::tr("cross-entropy (nats)");
}

} // namespace

QString RunCurvesPlot::valueName(CurveValue value) {
    switch (value) {
    case CurveValue::Accuracy:
        return tr("accuracy on validation");
    case CurveValue::MacroF1:
        return tr("macro-F1 on validation");
    case CurveValue::Loss:
        return tr("loss on validation");
    case CurveValue::TrainingLoss:
        return tr("training loss");
    case CurveValue::KeptShare:
        break;
    }
    return tr("share kept of each batch");
}

QString RunCurvesPlot::axisName(CurveAxis axis) {
    switch (axis) {
    case CurveAxis::Steps:
        return tr("steps");
    case CurveAxis::Epochs:
        return tr("epochs");
    case CurveAxis::Seconds:
        return tr("time trained");
    case CurveAxis::Gradient:
        return tr("gradient samples");
    case CurveAxis::Distinct:
        break;
    }
    return tr("distinct samples");
}

RunCurvesPlot::RunCurvesPlot(const LiveModel& model, QWidget* parent)
    : Plot(model, tr("Macro-F1 on validation"), parent) {
    setAccessibleDescription(tr("The chosen runs as curves, against what they cost."));
}

void RunCurvesPlot::setCurves(std::vector<ReadCurve> curves, CurveValue value, CurveAxis axis,
                              const QString& empty) {
    value_ = value;
    axis_ = axis;
    empty_ = empty;
    drawn_.clear();
    groups_.clear();
    std::vector<const RunSummary*> summaries;
    std::vector<const ReadCurve*> there;
    for (const auto& one : curves)
        if (one.curve && !one.curve->buckets.empty()) {
            summaries.push_back(&one.run->summary);
            there.push_back(&one);
        }
    drawn_.resize(there.size());
    for (const auto& group : groupBySeed(summaries)) {
        Group made{toQString(group.label), {}};
        for (const std::size_t i : group.runs) {
            drawn_[i] = {made.name, static_cast<int>(groups_.size()), *there[i]->curve, {}};
            if (group.runs.size() > 1)
                drawn_[i].name = tr("%1 · seed %2").arg(made.name).arg(summaries[i]->seed);
            made.curves.push_back(i);
        }
        groups_.push_back(std::move(made));
    }
    QString title = valueName(value);
    title[0] = title[0].toUpper();
    setTitle(title);
    const bool time = axis == CurveAxis::Seconds;
    canvas()->xAxis->setTicker(time ? QSharedPointer<QCPAxisTicker>(new MinutesTicker)
                                    : QSharedPointer<QCPAxisTicker>(new GroupedTicker(5)));
    canvas()->yAxis->setTicker(isShare(value) ? QSharedPointer<QCPAxisTicker>(new PercentTicker(5))
                                              : QSharedPointer<QCPAxisTicker>(new LossTicker));
    smooth();
}

void RunCurvesPlot::setSmoothing(double smoothing) {
    smoothing_ = smoothing;
    smooth();
}

void RunCurvesPlot::smooth() {
    for (auto& one : drawn_)
        one.course = smoothed(one.curve, smoothing_);
    ++changes_;
    refresh();
}

void RunCurvesPlot::setBand(Band band) {
    band_ = band;
    ++changes_;
    refresh();
}

QString RunCurvesPlot::emptyText() const {
    return drawn_.empty() ? empty_ : QString();
}

QCPGraph* RunCurvesPlot::graph() {
    if (used_ == graphs_.size())
        graphs_ << canvas()->addGraph();
    auto* next = graphs_[used_++];
    next->setVisible(true);
    next->setBrush(Qt::NoBrush);
    next->setChannelFillGraph(nullptr);
    next->setScatterStyle(QCPScatterStyle::ssNone);
    next->setScatterSkip(0);
    return next;
}

CurveLine RunCurvesPlot::lineOf(const Drawn& one) const {
    CurveLine line;
    for (const auto& bucket : one.curve.buckets)
        line.x.push_back(bucket.x);
    line.y = one.course;
    return line;
}

int RunCurvesPlot::number(std::size_t curve) const {
    // One experiment with a few seeds: the seeds are what one wants to tell apart.
    return groups_.size() == 1 && drawn_.size() <= MostColours && band_ == Band::None
               ? static_cast<int>(curve)
               : drawn_[curve].group;
}

QPen RunCurvesPlot::line(int number, double width) const {
    qsizetype points = 0;
    for (const auto& one : drawn_)
        points += static_cast<qsizetype>(one.course.size());
    QPen pen = seriesLine(number, colours_, width);
    if (!onPaper() && points > MostDashed)
        pen = QPen(pen.color(), width);
    return pen;
}

void RunCurvesPlot::mark(QCPGraph* graph, int number, qsizetype points) const {
    const bool many = drawn_.size() > MostNames;
    const qsizetype marked = !many && points <= FewPoints ? points : many ? LeastPoints : SomePoints;
    graph->setScatterStyle(seriesMark(number, colours_, scaled(6.0)));
    graph->setScatterSkip(
        static_cast<int>(std::max<qsizetype>(0, (points - 1) / std::max<qsizetype>(1, marked))));
}

void RunCurvesPlot::setRanges() {
    double low = std::numeric_limits<double>::infinity(), high = -low, last = 0;
    for (const auto& one : drawn_) {
        last = std::max(last, one.curve.buckets.back().x);
        // Of a noisy curve its course is looked at; single points may lie outside.
        const bool noisy = one.curve.points > FewPoints;
        for (std::size_t i = 0; i < one.course.size(); ++i) {
            const auto& bucket = one.curve.buckets[i];
            low = std::min(low, noisy ? one.course[i] : std::min(bucket.low, one.course[i]));
            high = std::max(high, noisy ? one.course[i] : std::max(bucket.high, one.course[i]));
        }
    }
    const double room = std::max(isShare(value_) ? 0.005 : 1e-6, (high - low) * 0.1);
    low = std::max(0.0, low - room);
    high += room;
    if (isShare(value_))
        high = std::min(1.02, high);
    canvas()->yAxis->setRange(low, high);
    canvas()->xAxis->setRange(0, last > 0 ? last * (onPaper() ? 1.03 : 1.015) : 1);
}

void RunCurvesPlot::drawCurve(const Drawn& one, int number) {
    const auto count = static_cast<qsizetype>(one.curve.buckets.size());
    const bool smoothedToo = smoothing_ > 0 && one.curve.points > 2;
    auto* points = graph();
    QVector<double> x, y;
    x.reserve(2 * count);
    y.reserve(2 * count);
    for (const auto& bucket : one.curve.buckets) {
        x << bucket.x;
        y << (bucket.lowFirst ? bucket.low : bucket.high);
        if (bucket.count > 1) {
            x << bucket.x;
            y << (bucket.lowFirst ? bucket.high : bucket.low);
        }
    }
    points->setData(x, y, true);
    const bool alone = !smoothedToo && ofEvaluations(value_);
    points->setAntialiased(alone);
    if (alone) {
        points->setPen(line(number, scaled(1.5)));
        mark(points, number, x.size());
        return;
    }
    QColor faint = colours_.series(number);
    faint.setAlphaF(0.28F);
    points->setPen(QPen(faint, scaled(1.0)));
    auto* course = graph();
    x.clear();
    y = QVector<double>(one.course.begin(), one.course.end());
    for (const auto& bucket : one.curve.buckets)
        x << bucket.x;
    course->setData(x, y, true);
    course->setPen(line(number, scaled(1.75)));
    mark(course, number, count);
    course->setAntialiased(drawn_.size() <= 30); // of very many lines nobody sees it, and it costs
}

bool RunCurvesPlot::drawBand(const Group& group, int number) {
    std::vector<CurveLine> lines;
    for (const std::size_t i : group.curves)
        lines.push_back(lineOf(drawn_[i]));
    const CurveBand band = bandOf(lines, band_ == Band::Range ? BandKind::Range : BandKind::Deviation);
    if (band.x.empty())
        return false;
    const auto put = [&](const std::vector<double>& y) {
        auto* line = graph();
        line->setData(QVector<double>(band.x.begin(), band.x.end()), QVector<double>(y.begin(), y.end()),
                      true);
        line->setPen(Qt::NoPen);
        return line;
    };
    auto* low = put(band.low);
    auto* high = put(band.high);
    QColor filling = colours_.series(number);
    filling.setAlphaF(0.18F);
    high->setBrush(filling);
    high->setChannelFillGraph(low);
    auto* mean = put(band.mean);
    mean->setPen(line(number, scaled(2.0)));
    mark(mean, number, static_cast<qsizetype>(band.x.size()));
    mean->setAntialiased(true);
    return true;
}

void RunCurvesPlot::label() {
    // In the order in which the curves end, the highest first.
    struct Name {
        double end = 0;
        int look = 0;
        QString text;
    };
    std::vector<Name> names;
    const bool each = groups_.size() == 1 && drawn_.size() <= MostNames && band_ == Band::None;
    for (const auto& group : groups_) {
        const auto count = static_cast<int>(group.curves.size());
        double end = 0;
        for (const std::size_t i : group.curves) {
            const double last = drawn_[i].course.back();
            end += last / count;
            if (each)
                names.push_back({last, number(i),
                                 count > 1 ? drawn_[i].name.section(QStringLiteral(" · "), -1) : group.name});
        }
        if (!each)
            names.push_back({end, number(group.curves.front()),
                             count > 1 ? tr("%1 (%2 seeds)").arg(group.name).arg(count) : group.name});
    }
    if (names.size() > (onPaper() ? MostOnPaper : MostNames)) {
        annotations()->note =
            (onPaper() ? tr("%1 curves") : tr("%1 curves; point at one for its name")).arg(drawn_.size());
        return;
    }
    std::stable_sort(names.begin(), names.end(), [](const Name& x, const Name& y) { return x.end > y.end; });
    for (auto& name : names) {
        const QPen pen = line(name.look, scaled(1.75));
        annotations()->keys.push_back(
            {pen.color(), name.text, pen, seriesMark(name.look, colours_, scaled(6.0))});
    }
    annotations()->keyPlace = Annotations::KeyPlace::Right;
}

void RunCurvesPlot::draw(const Theme& colours) {
    colours_ = colours;
    const QString xLabel = axis_ == CurveAxis::Steps      ? tr("step (candidate batches)")
                           : axis_ == CurveAxis::Epochs   ? tr("epoch")
                           : axis_ == CurveAxis::Seconds  ? tr("time trained, without evaluations")
                           : axis_ == CurveAxis::Gradient ? tr("gradient samples (in backward passes)")
                                                          : tr("distinct samples (ever in a backward pass)");
    setAxisLabels(xLabel, unitName(value_));
    setRanges();
    used_ = 0;
    for (auto* one : graphs_)
        one->setVisible(false);
    std::vector<std::uint8_t> inBand(groups_.size(), 0);
    if (band_ != Band::None)
        for (std::size_t g = 0; g < groups_.size(); ++g)
            inBand[g] = drawBand(groups_[g], number(groups_[g].curves.front())) ? 1 : 0;
    for (std::size_t i = 0; i < drawn_.size(); ++i)
        if (inBand[static_cast<std::size_t>(drawn_[i].group)] == 0)
            drawCurve(drawn_[i], number(i));
    label();
    setRightMargin(annotations()->keys.empty() ? 0 : annotations()->keysWidth() + 10);
}

QString RunCurvesPlot::valueText(double value) const {
    return isShare(value_) ? percent(value, 2) : fixed(value, 4);
}

QString RunCurvesPlot::tipAt(const QPointF& position) const {
    double nearest = 30; // pixels
    const Drawn* found = nullptr;
    std::size_t place = 0;
    for (const auto& one : drawn_)
        for (std::size_t i = 0; i < one.course.size(); ++i) {
            const double away =
                std::hypot(canvas()->xAxis->coordToPixel(one.curve.buckets[i].x) - position.x(),
                           canvas()->yAxis->coordToPixel(one.course[i]) - position.y());
            if (away < nearest) {
                nearest = away;
                found = &one;
                place = i;
            }
        }
    if (found == nullptr)
        return {};
    const auto& bucket = found->curve.buckets[place];
    const QString x = axis_ == CurveAxis::Seconds ? duration(bucket.x)
                      : axis_ == CurveAxis::Epochs
                          ? tr("epoch %1").arg(fixed(bucket.x, 2))
                          : tr("%1 %2").arg(grouped(std::llround(bucket.x)), axisName(axis_));
    QString text = tr("%1\n%2: %3 %4").arg(found->name, x, unitName(value_), valueText(bucket.mean));
    if (smoothing_ > 0)
        text += tr(", smoothed %1").arg(valueText(found->course[place]));
    if (bucket.count > 1)
        text += tr("\n%1 points here, from %2 to %3")
                    .arg(bucket.count)
                    .arg(valueText(bucket.low), valueText(bucket.high));
    return text;
}

PlotTable RunCurvesPlot::table() const {
    PlotTable table;
    table.columns = {tr("run"),     axisName(axis_), valueName(value_), tr("lowest"),
                     tr("highest"), tr("points"),    tr("smoothed")};
    for (const auto& one : drawn_)
        for (std::size_t i = 0; i < one.course.size(); ++i) {
            const auto& bucket = one.curve.buckets[i];
            table.rows << QStringList{one.name,
                                      fixed(bucket.x, axis_ == CurveAxis::Steps ? 1 : 3),
                                      fixed(bucket.mean, 6),
                                      fixed(bucket.low, 6),
                                      fixed(bucket.high, 6),
                                      QString::number(bucket.count),
                                      fixed(one.course[i], 6)};
        }
    return table;
}

} // namespace stillroom
