#include "widgets/accuracy_plot.h"

#include "widgets/kept_plot.h"
#include "widgets/text.h"
#include "widgets/tickers.h"

#include <QActionGroup>
#include <QMenu>
#include <algorithm>
#include <cmath>
#include <limits>

namespace stillroom {

AccuracyPlot::AccuracyPlot(const LiveModel& model, QWidget* parent)
    : Plot(model, tr("Accuracy on validation"), parent), teacher_(std::numeric_limits<double>::quiet_NaN()) {
    auto* menu = new QMenu;
    const auto addChoices = [&](const QString& heading, const QStringList& names, auto& member) {
        menu->addSection(heading);
        auto* group = new QActionGroup(menu);
        for (qsizetype i = 0; i < names.size(); ++i) {
            const auto value = static_cast<std::remove_reference_t<decltype(member)>>(i);
            auto* action = menu->addAction(names[i], this, [this, &member, value] {
                member = value;
                choose();
            });
            action->setCheckable(true);
            action->setChecked(member == value);
            group->addAction(action);
        }
    };
    addChoices(tr("Across"), {tr("steps"), tr("epochs"), tr("gradient samples"), tr("distinct samples")},
               across_);
    addChoices(tr("Up"), {tr("accuracy and macro-F1"), tr("accuracy"), tr("macro-F1")}, up_);
    setOptionMenu(menu);
    choose();
    canvas()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new PercentTicker(5)));
    setAccessibleDescription(tr("Accuracy and macro-F1 of the student on validation against the work done."));
}

void AccuracyPlot::choose() {
    const QStringList names = {tr("steps"), tr("epochs"), tr("gradient samples"), tr("distinct samples")};
    setOption(tr("x: %1 ▾").arg(names[static_cast<int>(across_)]), tr("What the curves are drawn against"));
    setTitle(up_ == Up::MacroF1 ? tr("Macro-F1 on validation") : tr("Accuracy on validation"));
    const bool logarithmic = across_ == Across::Gradient;
    canvas()->xAxis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    canvas()->xAxis->setTicker(logarithmic ? QSharedPointer<QCPAxisTicker>(new LogTicker)
                                           : QSharedPointer<QCPAxisTicker>(new GroupedTicker(5)));
    refreshAll();
}

void AccuracyPlot::setTeacherAccuracy(double accuracy) {
    teacher_ = accuracy;
    ++changes_;
    refreshAll();
}

std::uint64_t AccuracyPlot::revision() const {
    // Before the first evaluation the plot is empty, and the step axis moves only at the very beginning.
    return model().evaluationsRevision() + model().editsRevision() + changes_ + (model().step() > 0 ? 1 : 0);
}

QString AccuracyPlot::emptyText() const {
    if (!model().evaluations().empty() || !model().earlier().empty())
        return {};
    if (model().finished() != nullptr)
        return tr("No validation text has a gold label, so there is nothing to measure the student against.");
    return model().step() > 0 ? tr("The first evaluation comes at the end of the first epoch.")
                              : tr("How good the student becomes, and for how much work.\n%1").arg(hint());
}

double AccuracyPlot::x(const EvaluationPoint& point) const {
    switch (across_) {
    case Across::Epochs:
        return point.epoch;
    case Across::Gradient:
        return std::max(1.0, point.gradient);
    case Across::Distinct:
        return point.distinct;
    case Across::Steps:
        break;
    }
    return point.step;
}

double AccuracyPlot::y(const EvaluationPoint& point) const {
    return up_ == Up::MacroF1 ? point.macroF1 : point.accuracy;
}

QCPGraph* AccuracyPlot::curve(qsizetype index) {
    while (curves_.size() <= index)
        curves_ << canvas()->addGraph();
    return curves_[index];
}

void AccuracyPlot::setRanges() {
    double low = 1, high = 0, first = std::numeric_limits<double>::max(), last = 0;
    const auto see = [&](const EvaluationPoint& point, bool both) {
        const double least = both ? std::min(point.accuracy, point.macroF1) : y(point);
        const double most = both ? std::max(point.accuracy, point.macroF1) : y(point);
        low = std::min(low, least);
        high = std::max(high, most);
        first = std::min(first, x(point));
        last = std::max(last, x(point));
    };
    for (const auto& point : model().evaluations())
        see(point, up_ == Up::Both);
    for (const auto& run : model().earlier())
        for (const auto& point : run.points)
            see(point, false);
    if (!std::isnan(teacher_) && up_ != Up::MacroF1) {
        low = std::min(low, teacher_);
        high = std::max(high, teacher_);
    }
    const double room = std::max(0.01, (high - low) * 0.12);
    canvas()->yAxis->setRange(std::max(0.0, low - room), std::min(1.02, high + room));
    const double disc = onPaper() ? 1.03 : 1.015; // the point at the very end is a whole disc
    switch (across_) {
    case Across::Steps:
        canvas()->xAxis->setRange(0, disc * std::max(stepAxisEnd(model()), last));
        break;
    case Across::Epochs:
        canvas()->xAxis->setRange(0, disc * std::max(static_cast<double>(model().started().epochs), last));
        break;
    case Across::Distinct:
        canvas()->xAxis->setRange(0, disc * std::max(1.0, last));
        break;
    case Across::Gradient:
        canvas()->xAxis->setRange(first * 0.75, std::max(first * 2, last * 1.05));
        break;
    }
}

void AccuracyPlot::draw(const Theme& colours) {
    setAxisLabels(across_ == Across::Gradient   ? tr("gradient samples (log)")
                  : across_ == Across::Distinct ? tr("distinct samples used")
                  : across_ == Across::Epochs   ? tr("epoch")
                                                : tr("step"),
                  up_ == Up::MacroF1    ? tr("macro-F1")
                  : up_ == Up::Accuracy ? tr("accuracy")
                                        : tr("accuracy, macro-F1"));
    setRanges();
    const auto range = canvas()->xAxis->range();

    auto* teacher = curve(0);
    const bool teacherShown = !std::isnan(teacher_) && up_ != Up::MacroF1;
    teacher->setVisible(teacherShown);
    teacher->setPen(QPen(colours.muted, scaled(1.0), Qt::DotLine));
    teacher->setAntialiased(false);
    teacher->setData({range.lower, range.upper}, {teacher_, teacher_}, true);

    const auto put = [&](QCPGraph* graph, const std::vector<EvaluationPoint>& points, auto value) {
        QVector<double> xs, ys;
        for (const auto& point : points) {
            xs << x(point);
            ys << value(point);
        }
        graph->setData(xs, ys, true);
        graph->setVisible(!points.empty());
    };
    static const Qt::PenStyle dashes[] = {Qt::DashLine, Qt::DotLine, Qt::DashDotLine, Qt::DashDotDotLine};
    for (qsizetype i = 3; i < curves_.size(); ++i)
        curves_[i]->setVisible(false);
    for (std::size_t i = 0; i < model().earlier().size(); ++i) {
        auto* graph = curve(3 + static_cast<qsizetype>(i));
        graph->setPen(QPen(colours.axis, scaled(1.5), dashes[i % 4]));
        put(graph, model().earlier()[i].points, [this](const EvaluationPoint& p) { return y(p); });
    }
    const auto& points = model().evaluations();
    auto* accuracy = curve(1);
    accuracy->setPen(QPen(colours.kept, scaled(2.0)));
    accuracy->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, colours.kept, scaled(6.0)));
    put(accuracy, points, [this](const EvaluationPoint& p) { return y(p); });
    auto* macroF1 = curve(2);
    macroF1->setPen(QPen(colours.good, scaled(2.0), Qt::DashLine));
    macroF1->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssSquare, QPen(colours.good, scaled(1.0)),
                                             QBrush(colours.surface), scaled(6.0)));
    put(macroF1, points, [](const EvaluationPoint& p) { return p.macroF1; });
    macroF1->setVisible(up_ == Up::Both && !points.empty());

    auto& labels = annotations()->labels;
    if (!points.empty()) {
        const auto& last = points.back();
        labels.push_back({x(last), y(last),
                          up_ == Up::MacroF1 ? tr("macro-F1 %1").arg(percent(y(last)))
                                             : tr("accuracy %1").arg(percent(y(last))),
                          colours.kept, true});
        if (up_ == Up::Both)
            labels.push_back(
                {x(last), last.macroF1, tr("macro-F1 %1").arg(percent(last.macroF1)), colours.good, true});
    }
    if (teacherShown)
        labels.push_back(
            {range.upper, teacher_, tr("teacher %1").arg(percent(teacher_)), colours.muted, false});
    for (const auto& run : model().earlier())
        labels.push_back(
            {x(run.points.back()), y(run.points.back()), toQString(run.label), colours.muted, false});
    setRightMargin(annotations()->labelsWidth() + 10);
    addEditMarks([this](const EditMark& edit) {
        EvaluationPoint point;
        point.step = static_cast<double>(edit.step);
        point.epoch = edit.epoch;
        point.gradient = edit.gradient;
        point.distinct = edit.distinct;
        return x(point);
    });
}

QString AccuracyPlot::tipAt(const QPointF& position) const {
    const EvaluationPoint* nearest = nullptr;
    double distance = 30; // pixels
    for (const auto& point : model().evaluations()) {
        const double away = std::abs(canvas()->xAxis->coordToPixel(x(point)) - position.x());
        if (away < distance) {
            distance = away;
            nearest = &point;
        }
    }
    if (nearest == nullptr)
        return {};
    return tr("epoch %1, step %2: accuracy %3, macro-F1 %4\n%5 gradient samples, %6 distinct")
        .arg(fixed(nearest->epoch, 1), grouped(std::llround(nearest->step)), percent(nearest->accuracy, 2),
             percent(nearest->macroF1, 2), grouped(std::llround(nearest->gradient)),
             grouped(std::llround(nearest->distinct)));
}

PlotTable AccuracyPlot::table() const {
    PlotTable table;
    table.columns = {
        tr("run"),      tr("step"),    tr("epoch"), tr("gradient samples"), tr("distinct samples"),
        tr("accuracy"), tr("macro-F1")};
    const auto add = [&](const QString& run, const std::vector<EvaluationPoint>& points) {
        for (const auto& p : points)
            table.rows << QStringList{run,
                                      fixed(p.step, 0),
                                      fixed(p.epoch, 2),
                                      fixed(p.gradient, 0),
                                      fixed(p.distinct, 0),
                                      fixed(p.accuracy, 5),
                                      fixed(p.macroF1, 5)};
    };
    add(tr("this run"), model().evaluations());
    for (const auto& run : model().earlier())
        add(toQString(run.label), run.points);
    return table;
}

} // namespace stillroom
