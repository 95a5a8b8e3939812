#include "widgets/thresholds_plot.h"

#include "widgets/kept_plot.h"
#include "widgets/series_look.h"
#include "widgets/text.h"
#include "widgets/threshold_bars.h"
#include "widgets/tickers.h"

#include <QActionGroup>
#include <QMenu>
#include <QScrollBar>
#include <QWheelEvent>
#include <algorithm>
#include <numeric>

namespace stillroom {
namespace {

constexpr std::size_t MostCurves = 48;
constexpr std::size_t NamedCurves = 7; // more than these are drawn in grey, without names

class ThresholdTicker : public QCPAxisTicker {
  public:
    ThresholdTicker() { setTickCount(4); }

  protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return fixed(tick, 2); }
};

} // namespace

ThresholdsPlot::ThresholdsPlot(const LiveModel& model, QWidget* parent)
    : Plot(model, tr("Thresholds by class"), parent), bars_(new ThresholdBars(canvas())),
      scroll_(new QScrollBar(Qt::Vertical, this)) {
    canvas()->plotLayout()->addElement(1, 0, bars_);
    canvas()->plotLayout()->setRowSpacing(0);
    canvas()->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new GroupedTicker(5)));
    canvas()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ThresholdTicker));
    scroll_->hide();
    connect(scroll_, &QScrollBar::valueChanged, this, [this](int row) {
        bars_->setFirst(row);
        canvas()->replot(QCustomPlot::rpQueuedReplot);
    });
    auto* menu = new QMenu;
    auto* group = new QActionGroup(menu);
    const std::pair<View, QString> views[] = {{View::Now, tr("now")},
                                              {View::TeacherOverTime, tr("teacher, over time")},
                                              {View::StudentOverTime, tr("student, over time")}};
    for (const auto& [view, name] : views) {
        auto* action = menu->addAction(name, this, [this, chosen = view] { choose(chosen); });
        action->setCheckable(true);
        action->setChecked(view == view_);
        group->addAction(action);
    }
    setOptionMenu(menu);
    choose(View::Now);
    setAccessibleDescription(
        tr("For each class, how confident the teacher and how uncertain the student must at "
           "least be for a sample to be kept."));
}

void ThresholdsPlot::choose(View view) {
    view_ = view;
    const bool now = view == View::Now;
    setTitle(now                             ? tr("Thresholds by class")
             : view == View::TeacherOverTime ? tr("Teacher's thresholds over time")
                                             : tr("Student's thresholds over time"));
    setOption((now                             ? tr("now")
               : view == View::TeacherOverTime ? tr("teacher, over time")
                                               : tr("student, over time")) +
                  QStringLiteral(" ▾"),
              tr("Thresholds now, or how they came there"));
    // One of the two fills the canvas.
    auto* layout = canvas()->plotLayout();
    layout->setRowStretchFactor(0, now ? 0.0001 : 1);
    layout->setRowStretchFactor(1, now ? 1 : 0.0001);
    canvas()->axisRect()->setVisible(!now);
    for (auto* axis : {canvas()->xAxis, canvas()->yAxis})
        axis->setVisible(!now);
    bars_->setVisible(!now ? false : true);
    canvas()->axisRect()->setMinimumSize(0, 0);
    bars_->setMinimumSize(0, 0);
    ++changes_;
    refreshAll();
}

std::uint64_t ThresholdsPlot::revision() const {
    return model().windowsRevision() + changes_ + (view_ == View::Now ? 0 : model().editsRevision()) +
           (model().finished() != nullptr ? 1 : 0);
}

const std::vector<double>& ThresholdsPlot::side(const Thresholds& thresholds) const {
    return view_ == View::StudentOverTime ? thresholds.student : thresholds.teacher;
}

QString ThresholdsPlot::emptyText() const {
    if (model().stretches().empty())
        return tr("What a sample must reach to be kept, class by class.\n%1").arg(hint());
    const auto& now = model().thresholds();
    if (now.teacher.empty() && now.student.empty())
        return tr("This rule has no thresholds.");
    if (view_ != View::Now && side(now).empty())
        return view_ == View::StudentOverTime ? tr("This rule has no threshold for the student.")
                                              : tr("This rule has no threshold for the teacher.");
    return {};
}

void ThresholdsPlot::draw(const Theme& colours) {
    bars_->setColours(colours);
    for (auto* graph : curves_)
        graph->setVisible(false);
    if (view_ == View::Now)
        drawNow(colours);
    else
        drawOverTime(colours);
    if (!onPaper())
        placeScrollBar();
}

void ThresholdsPlot::drawNow(const Theme&) {
    QStringList names;
    for (const auto& name : model().classes())
        names << toQString(name);
    bars_->setRows(names, model().thresholds().teacher, model().thresholds().student);
}

void ThresholdsPlot::drawOverTime(const Theme& colours) {
    setAxisLabels(tr("step"),
                  view_ == View::StudentOverTime ? tr("uncertainty at least") : tr("confidence at least"));
    canvas()->xAxis->setRange(0, stepAxisEnd(model()));
    const auto& now = side(model().thresholds());
    std::vector<std::size_t> order(now.size());
    std::iota(order.begin(), order.end(), 0);
    const auto& kept = model().keptByClass();
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return a < kept.size() && b < kept.size() && kept[a] > kept[b];
    });
    if (order.size() > MostCurves)
        order.resize(MostCurves); // of the classes of which most was kept
    while (curves_.size() < static_cast<qsizetype>(order.size()))
        curves_ << canvas()->addGraph();
    double low = 1, high = 0;
    // The unnamed first, so that the named lie on top.
    for (std::size_t place = order.size(); place-- > 0;) {
        const std::size_t k = order[place];
        QVector<double> x, y;
        for (const auto& stretch : model().stretches()) {
            const auto& values = side(stretch.thresholds);
            if (k >= values.size())
                continue;
            x << static_cast<double>(stretch.lastStep);
            y << values[k];
            low = std::min(low, values[k]);
            high = std::max(high, values[k]);
        }
        if (x.isEmpty())
            continue;
        const bool named = place < NamedCurves;
        const QPen pen = named ? seriesLine(static_cast<int>(place), colours, scaled(1.5))
                               : QPen(colours.hairline, scaled(1.0));
        auto* graph = curves_[static_cast<qsizetype>(order.size() - 1 - place)];
        graph->setVisible(true);
        graph->setPen(pen);
        graph->setData(x, y, true);
        if (named)
            annotations()->keys.insert(annotations()->keys.begin(),
                                       {pen.color(), toQString(model().classes()[k]), pen});
    }
    annotations()->keyPlace = Annotations::KeyPlace::Right;
    setRightMargin(annotations()->keysWidth() + 10);
    const double room = std::max(0.02, (high - low) * 0.08);
    canvas()->yAxis->setRange(std::max(0.0, low - room), std::min(1.02, high + room));
    addEditMarks([](const EditMark& edit) { return static_cast<double>(edit.step); });
}

double ThresholdsPlot::rowsHeight() const {
    return view_ == View::Now ? ThresholdBars::heightOf(model().classes().size()) : 0;
}

void ThresholdsPlot::placeScrollBar() {
    const int hidden = static_cast<int>(model().classes().size()) - bars_->rowsThatFit();
    const bool needed = view_ == View::Now && hidden > 0 && emptyText().isEmpty();
    scroll_->setVisible(needed);
    bars_->setFirst(needed ? scroll_->value() : 0);
    if (!needed)
        return;
    scroll_->setRange(0, hidden);
    scroll_->setPageStep(bars_->rowsThatFit());
    const QRect area = canvas()->geometry();
    scroll_->setGeometry(area.right() + 3, area.top() + scaled(22), 10, area.height() - scaled(22));
    scroll_->raise();
}

void ThresholdsPlot::resizeEvent(QResizeEvent* event) {
    Plot::resizeEvent(event);
    QMetaObject::invokeMethod(
        this, [this] { placeScrollBar(); }, Qt::QueuedConnection);
}

void ThresholdsPlot::wheelEvent(QWheelEvent* event) {
    if (scroll_->isVisible() && event->modifiers() == Qt::NoModifier) {
        const int rows = event->angleDelta().y() > 0 ? -2 : 2;
        const int before = scroll_->value();
        scroll_->setValue(before + rows);
        if (scroll_->value() != before) {
            event->accept();
            return;
        }
    }
    Plot::wheelEvent(event);
}

QString ThresholdsPlot::tipAt(const QPointF& position) const {
    if (view_ != View::Now)
        return {};
    const int row = bars_->rowAt(position);
    if (row < 0 || row >= static_cast<int>(model().classes().size()))
        return {};
    const auto k = static_cast<std::size_t>(row);
    QString tip = toQString(model().classes()[k]);
    if (k < model().thresholds().teacher.size())
        tip += tr("\nteacher's confidence at least %1").arg(fixed(model().thresholds().teacher[k], 3));
    if (k < model().thresholds().student.size())
        tip += tr("\nstudent's uncertainty at least %1").arg(fixed(model().thresholds().student[k], 3));
    return tip;
}

PlotTable ThresholdsPlot::table() const {
    PlotTable table;
    const auto& classes = model().classes();
    if (view_ == View::Now) {
        table.columns = {tr("class"), tr("teacher at least"), tr("student at least")};
        for (std::size_t k = 0; k < classes.size(); ++k) {
            const auto value = [&](const std::vector<double>& values) {
                return k < values.size() ? fixed(values[k], 4) : QString();
            };
            table.rows << QStringList{toQString(classes[k]), value(model().thresholds().teacher),
                                      value(model().thresholds().student)};
        }
        return table;
    }
    table.columns << tr("step");
    for (const auto& name : classes)
        table.columns << toQString(name);
    for (const auto& stretch : model().stretches()) {
        QStringList row{QString::number(stretch.lastStep)};
        for (const auto value : side(stretch.thresholds))
            row << fixed(value, 5);
        table.rows << row;
    }
    return table;
}

} // namespace stillroom
