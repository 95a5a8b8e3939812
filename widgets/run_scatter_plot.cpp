#include "widgets/run_scatter_plot.h"

#include "widgets/run_columns.h"
#include "widgets/series_look.h"
#include "widgets/text.h"
#include "widgets/tickers.h"

#include <QFontMetrics>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

constexpr int MostWords = 12; // on an axis
constexpr int LongestWord = 18;

/// Numbers of a column as its cells say them.
class ColumnTicker : public QCPAxisTicker {
  public:
    explicit ColumnTicker(int column) : column_(column) { setTickCount(5); }

  protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        if (std::abs(tick) < 1e-12)
            return runNumberText(column_, 0);
        // Steps add up with the last bits astray: not "0.30000000000000004".
        return runNumberText(column_, QString::number(tick, 'g', 10).toDouble());
    }

  private:
    int column_;
};

QSharedPointer<QCPAxisTicker> tickerOf(int column) {
    switch (runColumns()[column].kind) {
    case RunColumn::Kind::Share:
        return QSharedPointer<QCPAxisTicker>(new PercentTicker(5));
    case RunColumn::Kind::Count:
        return QSharedPointer<QCPAxisTicker>(new GroupedTicker(5));
    default:
        return QSharedPointer<QCPAxisTicker>(new ColumnTicker(column));
    }
}

/// With room for whole discs at both ends.
void fit(QCPAxis* axis, double low, double high) {
    const double room = high > low ? (high - low) * 0.06 : std::max(1e-3, std::abs(high) * 0.05);
    axis->setRange(low - room, high + room);
}

QString axisTitle(int column) {
    return runColumns()[column].axisName();
}

} // namespace

RunScatterPlot::RunScatterPlot(const LiveModel& model, QWidget* parent)
    : Plot(model, tr("Results against settings"), parent) {
    setAccessibleDescription(tr("Each run as a point: one of its results against another, or a setting."));
}

void RunScatterPlot::setRuns(const std::vector<SharedRun>& runs, int x, int y, const QString& empty) {
    x_ = x;
    y_ = y;
    empty_ = empty;
    points_.clear();
    series_.clear();
    words_.clear();
    const bool numbers = std::all_of(runs.begin(), runs.end(), [&](const SharedRun& run) {
        return std::isfinite(runNumber(*run, x)) || runCell(*run, x).isEmpty() ||
               !runColumns()[x].isSetting();
    });
    const bool words = runColumns()[x].kind == RunColumn::Kind::Word || !numbers;
    if (words) {
        for (const auto& run : runs)
            if (const QString word = runCell(*run, x); !word.isEmpty() && !words_.contains(word))
                words_ << word;
        words_.sort();
    }
    for (const auto& run : runs) {
        Point point;
        point.xText = runCell(*run, x);
        point.yText = runCell(*run, y);
        point.x = words ? static_cast<double>(words_.indexOf(point.xText)) : runNumber(*run, x);
        point.y = runNumber(*run, y);
        if (!std::isfinite(point.x) || !std::isfinite(point.y) || point.x < 0)
            continue;
        const QString rule = toQString(run->summary.rule);
        if (!series_.contains(rule))
            series_ << rule;
        point.series = static_cast<int>(series_.indexOf(rule));
        point.name = tr("%1 · seed %2").arg(toQString(run->summary.name)).arg(run->summary.seed);
        points_.push_back(std::move(point));
    }
    QString title = tr("%1 against %2").arg(axisTitle(y), axisTitle(x));
    title[0] = title[0].toUpper();
    setTitle(title);
    ++changes_;
    refresh();
}

QString RunScatterPlot::emptyText() const {
    return points_.empty() ? empty_ : QString();
}

void RunScatterPlot::draw(const Theme& colours) {
    setAxisLabels(axisTitle(x_), axisTitle(y_));
    canvas()->yAxis->setTicker(tickerOf(y_));
    double rotation = 0;
    if (words_.isEmpty()) {
        canvas()->xAxis->setTicker(tickerOf(x_));
    } else {
        QSharedPointer<QCPAxisTickerText> names(new QCPAxisTickerText);
        const QFontMetrics metrics(textFont(TextSize::Note));
        int widest = 0;
        for (qsizetype i = 0; i < words_.size() && words_.size() <= MostWords; ++i) {
            const QString word =
                words_[i].size() > LongestWord ? words_[i].left(LongestWord - 1) + u'…' : words_[i];
            widest = std::max(widest, metrics.horizontalAdvance(word));
            names->addTick(static_cast<double>(i), word);
        }
        canvas()->xAxis->setTicker(names);
        // On narrow paper the words lie aslant.
        if (onPaper() && (widest + 10) * words_.size() > canvas()->axisRect()->width())
            rotation = -32;
    }
    canvas()->xAxis->setTickLabelRotation(rotation);
    const auto [left, right] = std::minmax_element(points_.begin(), points_.end(),
                                                   [](const Point& a, const Point& b) { return a.x < b.x; });
    const auto [low, high] = std::minmax_element(points_.begin(), points_.end(),
                                                 [](const Point& a, const Point& b) { return a.y < b.y; });
    if (words_.isEmpty())
        fit(canvas()->xAxis, left->x, right->x);
    else
        canvas()->xAxis->setRange(-0.5, static_cast<double>(words_.size()) - 0.5);
    fit(canvas()->yAxis, low->y, high->y);

    for (auto* graph : graphs_)
        graph->setVisible(false);
    for (qsizetype s = 0; s < series_.size(); ++s) {
        if (s == graphs_.size()) {
            graphs_ << canvas()->addGraph();
            graphs_.back()->setLineStyle(QCPGraph::lsNone);
        }
        QVector<double> x, y;
        for (const auto& point : points_)
            if (point.series == s) {
                x << point.x;
                y << point.y;
            }
        QCPScatterStyle mark = seriesMark(static_cast<int>(s), colours, scaled(7.0));
        QColor filling = mark.pen().color();
        filling.setAlphaF(0.55F);
        if (mark.shape() == QCPScatterStyle::ssDisc)
            mark.setShape(QCPScatterStyle::ssCircle); // a disc is filled with its pen's colour
        else if (mark.shape() == QCPScatterStyle::ssCircle)
            filling = colours.surface;
        mark.setBrush(filling);
        graphs_[s]->setScatterStyle(mark);
        graphs_[s]->setData(x, y);
        graphs_[s]->setVisible(true);
        if (series_.size() > 1)
            annotations()->keys.push_back({mark.pen().color(), series_[s], QPen(Qt::NoPen), mark});
    }
    annotations()->keyPlace = Annotations::KeyPlace::Right;
    setRightMargin(series_.size() > 1 ? annotations()->keysWidth() + 10 : 0);
}

QString RunScatterPlot::tipAt(const QPointF& position) const {
    double nearest = 18; // pixels
    QString tip;
    for (const auto& point : points_) {
        const double away = std::hypot(canvas()->xAxis->coordToPixel(point.x) - position.x(),
                                       canvas()->yAxis->coordToPixel(point.y) - position.y());
        if (away >= nearest)
            continue;
        nearest = away;
        tip = tr("%1\n%2 %3\n%4 %5").arg(point.name, axisTitle(x_), point.xText, axisTitle(y_), point.yText);
    }
    return tip;
}

PlotTable RunScatterPlot::table() const {
    PlotTable table;
    table.columns = {tr("run"), tr("rule"), axisTitle(x_), axisTitle(y_)};
    for (const auto& point : points_)
        table.rows << QStringList{point.name, series_[point.series],
                                  words_.isEmpty() ? QString::number(point.x, 'g', 10) : point.xText,
                                  QString::number(point.y, 'g', 10)};
    return table;
}

} // namespace stillroom
