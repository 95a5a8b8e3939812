#include "widgets/biography_plot.h"

#include "widgets/row_copy.h"
#include "widgets/text.h"
#include "widgets/tickers.h"

#include <QActionGroup>
#include <QMenu>
#include <QToolButton>
#include <algorithm>
#include <cmath>
#include <limits>

namespace stillroom {
namespace {

class TenthsTicker : public QCPAxisTicker {
  public:
    TenthsTicker() { setTickCount(4); }

  protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override {
        return tick > 1.0001 ? QString() : fixed(tick, 2); // above it there is only room for the key
    }
};

} // namespace

BiographyPlot::BiographyPlot(const LiveModel& model, QWidget* parent)
    : Plot(model, tr("Uncertainty over the epochs"), parent), low_(canvas()->addGraph()),
      high_(canvas()->addGraph()), line_(canvas()->addGraph()), kept_(canvas()->addGraph()),
      refused_(canvas()->addGraph()) {
    canvas()->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new GroupedTicker(6)));
    canvas()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new TenthsTicker));
    high_->setChannelFillGraph(low_);
    for (auto* marks : {kept_, refused_})
        marks->setLineStyle(QCPGraph::lsNone);
    auto* menu = new QMenu;
    auto* group = new QActionGroup(menu);
    const std::pair<View, QString> views[] = {{View::Uncertainty, tr("student's uncertainty")},
                                              {View::Confidence, tr("teacher's confidence")}};
    for (const auto& [view, name] : views) {
        auto* action = menu->addAction(name, this, [this, chosen = view] { choose(chosen); });
        action->setCheckable(true);
        group->addAction(action);
    }
    connect(menu, &QMenu::aboutToShow, this,
            [this, group] { group->actions()[showsConfidence() ? 1 : 0]->setChecked(true); });
    setOptionMenu(menu);
    setAccessibleDescription(tr("What the sample's signal was in each epoch, where the bar of its class was, "
                                "and whether it was kept."));
    choose(View::Automatic);
}

void BiographyPlot::choose(View view) {
    view_ = view;
    ++changes_;
    refresh();
}

void BiographyPlot::setEntries(std::vector<BiographyEntry> entries, double confidence, const QString& empty) {
    entries_ = std::move(entries);
    confidence_ = confidence;
    empty_ = empty;
    ++changes_;
    refresh();
}

int BiographyPlot::headHeight() const {
    const auto* option = findChild<QToolButton*>();
    return option == nullptr ? 0 : option->sizeHint().height();
}

QString BiographyPlot::emptyText() const {
    return entries_.empty() ? empty_ : QString();
}

bool BiographyPlot::showsConfidence() const {
    if (view_ != View::Automatic)
        return view_ == View::Confidence;
    // What the rule looks at; of both the student's, which changes.
    return std::none_of(entries_.begin(), entries_.end(),
                        [](const BiographyEntry& entry) { return entry.trace.scored(); });
}

double BiographyPlot::valueOf(const BiographyEntry& entry) const {
    if (showsConfidence())
        return confidence_;
    return entry.trace.scored() ? static_cast<double>(entry.trace.uncertainty())
                                : std::numeric_limits<double>::quiet_NaN();
}

const std::optional<BiographyEntry::Bar>& BiographyPlot::barOf(const BiographyEntry& entry) const {
    return showsConfidence() ? entry.teacherBar : entry.studentBar;
}

void BiographyPlot::draw(const Theme& colours) {
    const bool confidence = showsConfidence();
    setTitle(confidence ? tr("Confidence against its bar") : tr("Uncertainty against its bar"));
    setOption((confidence ? tr("teacher's confidence") : tr("student's uncertainty")) + QStringLiteral(" ▾"),
              tr("Which of the two signals is shown"));
    setAxisLabels(tr("epoch"), confidence ? tr("confidence") : tr("uncertainty"));
    QVector<double> barX, lows, highs, x, y, keptX, keptY, refusedX, refusedY;
    double highest = 0.02, lowest = 1;
    for (const auto& entry : entries_) {
        const auto epoch = static_cast<double>(entry.epoch);
        const double value = valueOf(entry);
        if (const auto& bar = barOf(entry)) {
            barX << epoch;
            lows << bar->low;
            highs << std::max(bar->high, bar->low + 0.004); // a bar that stood still is a line
            highest = std::max(highest, bar->high);
            lowest = std::min(lowest, bar->low);
        }
        x << epoch;
        y << value; // NaN: a gap
        if (std::isnan(value) || entry.trace.verdict() == Verdict::Unseen)
            continue;
        highest = std::max(highest, value);
        lowest = std::min(lowest, value);
        (entry.trace.kept() ? keptX : refusedX) << epoch;
        (entry.trace.kept() ? keptY : refusedY) << value;
    }
    QColor band = colours.orange;
    band.setAlphaF(colours.dark ? 0.4F : 0.3F);
    low_->setPen(Qt::NoPen);
    high_->setPen(QPen(colours.orange, 1));
    high_->setBrush(band);
    low_->setData(barX, lows, true);
    high_->setData(barX, highs, true);
    line_->setPen(QPen(colours.muted, 1.2));
    line_->setData(x, y, true);
    kept_->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colours.kept, colours.kept, scaled(8)));
    refused_->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssCross, QPen(colours.text, 1.6), QBrush(), scaled(7)));
    kept_->setData(keptX, keptY, true);
    refused_->setData(refusedX, refusedY, true);

    const double first = static_cast<double>(entries_.front().epoch);
    const double last = static_cast<double>(entries_.back().epoch);
    canvas()->xAxis->setRange(first - 0.5, last + 0.5);
    // From 0, but a confidence is never near it; room at the top for the key.
    const double bottom = confidence ? std::max(0.0, std::floor(lowest * 10 - 0.5) / 10) : 0.0;
    canvas()->yAxis->setRange(bottom, bottom + (highest - bottom) * 1.32);
    const QPen none(Qt::NoPen);
    annotations()->keys = {{colours.kept, tr("kept"), none, kept_->scatterStyle()},
                           {colours.text, tr("refused"), none, refused_->scatterStyle()}};
    if (!barX.isEmpty())
        annotations()->keys.push_back({colours.orange, tr("bar of its class")});
}

QString BiographyPlot::tipAt(const QPointF& position) const {
    const auto epoch = std::llround(canvas()->xAxis->pixelToCoord(position.x()));
    for (const auto& entry : entries_)
        if (entry.epoch == epoch)
            return asTip(tr("epoch %1: %2").arg(epoch).arg(toQString(entry.sentence)));
    return {};
}

PlotTable BiographyPlot::table() const {
    PlotTable table;
    table.columns = {tr("epoch"),    tr("step"), tr("verdict"),    tr("uncertainty"),
                     tr("bar from"), tr("to"),   tr("confidence"), tr("teacher's bar from"),
                     tr("to"),       tr("why")};
    for (const auto& entry : entries_) {
        const auto bar = [](const std::optional<BiographyEntry::Bar>& ends, bool high) {
            return ends ? fixed(high ? ends->high : ends->low, 4) : QString();
        };
        table.rows << QStringList{QString::number(entry.epoch),
                                  QString::number(entry.step),
                                  toQString(verdictWords(entry.trace.verdict())),
                                  entry.trace.scored() ? fixed(entry.trace.uncertainty(), 4) : QString(),
                                  bar(entry.studentBar, false),
                                  bar(entry.studentBar, true),
                                  fixed(confidence_, 4),
                                  bar(entry.teacherBar, false),
                                  bar(entry.teacherBar, true),
                                  toQString(entry.sentence)};
    }
    return table;
}

} // namespace stillroom
