#include "widgets/confusion_plot.h"

#include "widgets/heat_map.h"
#include "widgets/text.h"

#include <QFontMetricsF>
#include <QKeyEvent>
#include <QMouseEvent>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

constexpr double NameWidth = 150; // at a desk
constexpr int MostNames = 40;     // more rows than these are numbered alone

QColor mixed(const QColor& a, const QColor& b, double share) {
    const auto part = [&](int x, int y) { return static_cast<int>(std::lround(x + (y - x) * share)); };
    return {part(a.red(), b.red()), part(a.green(), b.green()), part(a.blue(), b.blue())};
}

} // namespace

ConfusionPlot::ConfusionPlot(const LiveModel& model, QWidget* parent)
    : Plot(model, tr("Confusion"), parent), cells_(new HeatMap(canvas())) {
    canvas()->yAxis->setRangeReversed(true);
    canvas()->yAxis->grid()->setVisible(false);
    canvas()->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTickerText));
    canvas()->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTickerText));
    setAccessibleDescription(
        tr("For each gold class the share of its texts that the teacher gave each label. Arrows move from "
           "cell to cell, Enter lists the texts of one."));
}

void ConfusionPlot::setConfusion(std::vector<std::string> classes, std::vector<std::int64_t> confusion,
                                 const QString& empty) {
    classes_ = std::move(classes);
    confusion_ = std::move(confusion);
    empty_ = empty;
    cursor_.gold = std::clamp(cursor_.gold, 0, std::max(0, classCount() - 1));
    cursor_.label = std::clamp(cursor_.label, 0, std::max(0, classCount() - 1));
    ++changes_;
    refresh();
}

QString ConfusionPlot::emptyText() const {
    return confusion_.empty() ? tr("Which classes the teacher takes for each other.\n%1").arg(empty_)
                              : QString();
}

std::int64_t ConfusionPlot::count(int gold, int label) const {
    return confusion_[static_cast<std::size_t>(gold) * classes_.size() + static_cast<std::size_t>(label)];
}

std::int64_t ConfusionPlot::goldCount(int gold) const {
    std::int64_t rows = 0;
    for (int label = 0; label < classCount(); ++label)
        rows += count(gold, label);
    return rows;
}

void ConfusionPlot::draw(const Theme& colours) {
    const int classes = classCount();
    setAxisLabels(tr("the teacher's label, numbered as the rows"), tr("gold (% of each row)"));
    canvas()->xAxis->setRange(0, classes);
    canvas()->yAxis->setRange(0, classes);
    canvas()->xAxis->setBasePen(Qt::NoPen);
    const QFontMetricsF metrics(textFont(TextSize::Note));
    auto* columns = static_cast<QCPAxisTickerText*>(canvas()->xAxis->ticker().data());
    auto* rows = static_cast<QCPAxisTickerText*>(canvas()->yAxis->ticker().data());
    columns->clear();
    rows->clear();
    const int every = std::max(1, (classes + MostNames - 1) / MostNames);
    int everyColumn = every;
    double nameWidth = scaled(NameWidth);
    if (onPaper()) { // which may be narrow
        nameWidth = std::min(nameWidth, canvas()->viewport().width() * 0.32);
        const double number = metrics.horizontalAdvance(QString::number(classes)) + 5;
        everyColumn = std::max(every, static_cast<int>(std::ceil(
                                          number * classes / std::max(50, canvas()->axisRect()->width()))));
    }
    for (int k = 0; k < classes; ++k) {
        const QString number = QString::number(k + 1);
        if (k % everyColumn == 0)
            columns->addTick(k + 0.5, number);
        if (k % every != 0)
            continue;
        const QString name = toQString(classes_[static_cast<std::size_t>(k)]);
        rows->addTick(k + 0.5,
                      metrics.elidedText(tr("%1 · %2").arg(name, number), Qt::ElideMiddle, nameWidth));
    }
    cells_->columns = classes;
    cells_->frame = colours.accent;
    cells_->cells.clear();
    for (int gold = 0; gold < classes; ++gold) {
        const auto whole = static_cast<double>(std::max<std::int64_t>(1, goldCount(gold)));
        for (int label = 0; label < classes; ++label) {
            const double share = static_cast<double>(count(gold, label)) / whole;
            // By the root, so that a tenth is seen; right is blue, wrong the colour of warnings.
            const double depth = std::sqrt(share) * 0.85;
            HeatMap::Cell cell;
            cell.fill = share > 0 ? mixed(colours.surface, gold == label ? colours.kept : colours.warning,
                                          0.04 + depth)
                                  : mixed(colours.surface, colours.grid, 0.5);
            cell.ink = depth > 0.5 ? (colours.dark ? colours.text : colours.surface) : colours.text;
            if (count(gold, label) > 0)
                cell.text = share < 0.005 ? QStringLiteral("<1") : fixed(share * 100, 0);
            cells_->cells.push_back(std::move(cell));
        }
    }
    cells_->marked = hasFocus() && !onPaper() ? cursor_.gold * classes + cursor_.label : -1;
}

double ConfusionPlot::rowsHeight() const {
    const double line = QFontMetricsF(textFont(TextSize::Note)).height();
    return std::min(classCount(), MostNames) * line + 4 * line;
}

QRectF ConfusionPlot::cellRect(int gold, int label) const {
    return cells_->rect(gold, label);
}

bool ConfusionPlot::cellAt(const QPointF& position, Cell& cell) const {
    if (confusion_.empty())
        return false;
    const double label = std::floor(canvas()->xAxis->pixelToCoord(position.x()));
    const double gold = std::floor(canvas()->yAxis->pixelToCoord(position.y()));
    if (!(label >= 0 && label < classCount() && gold >= 0 && gold < classCount()))
        return false;
    cell = {static_cast<int>(gold), static_cast<int>(label)};
    return true;
}

QString ConfusionPlot::tipAt(const QPointF& position) const {
    Cell cell;
    if (!cellAt(position, cell))
        return {};
    const QString gold = toQString(classes_[static_cast<std::size_t>(cell.gold)]);
    const QString label = toQString(classes_[static_cast<std::size_t>(cell.label)]);
    const auto texts = count(cell.gold, cell.label), all = goldCount(cell.gold);
    const double share = all > 0 ? static_cast<double>(texts) / static_cast<double>(all) : 0;
    const QString how = tr("%1 of %2 texts (%3)").arg(grouped(texts), grouped(all), percent(share));
    return (cell.gold == cell.label ? tr("%1, and the teacher says so: %2").arg(gold, how)
                                    : tr("%1, but the teacher says %2: %3").arg(gold, label, how)) +
           (texts > 0 ? tr("\nClick to list them.") : QString());
}

PlotTable ConfusionPlot::table() const {
    PlotTable table;
    table.columns = {tr("gold"), tr("label"), tr("texts"), tr("share of gold")};
    if (confusion_.empty())
        return table;
    for (int gold = 0; gold < classCount(); ++gold)
        for (int label = 0; label < classCount(); ++label)
            if (const auto texts = count(gold, label); texts > 0)
                table.rows << QStringList{
                    toQString(classes_[static_cast<std::size_t>(gold)]),
                    toQString(classes_[static_cast<std::size_t>(label)]), QString::number(texts),
                    fixed(static_cast<double>(texts) / static_cast<double>(goldCount(gold)), 5)};
    return table;
}

void ConfusionPlot::choose(const Cell& cell) {
    cursor_ = cell;
    showCursor();
    if (count(cell.gold, cell.label) > 0)
        Q_EMIT cellChosen(cell.gold, cell.label);
}

void ConfusionPlot::showCursor() {
    const int marked = hasFocus() && !confusion_.empty() ? cursor_.gold * classCount() + cursor_.label : -1;
    if (marked == cells_->marked)
        return;
    cells_->marked = marked;
    canvas()->replot(QCustomPlot::rpQueuedReplot);
}

void ConfusionPlot::mouseReleaseEvent(QMouseEvent* event) {
    Cell cell;
    if (event->button() == Qt::LeftButton && canvas()->isVisible() &&
        cellAt(canvas()->mapFrom(this, event->position()), cell))
        choose(cell);
    else
        Plot::mouseReleaseEvent(event);
}

void ConfusionPlot::keyPressEvent(QKeyEvent* event) {
    if (confusion_.empty()) {
        Plot::keyPressEvent(event);
        return;
    }
    const int last = classCount() - 1;
    switch (event->key()) {
    case Qt::Key_Left:
        cursor_.label = std::max(0, cursor_.label - 1);
        break;
    case Qt::Key_Right:
        cursor_.label = std::min(last, cursor_.label + 1);
        break;
    case Qt::Key_Up:
        cursor_.gold = std::max(0, cursor_.gold - 1);
        break;
    case Qt::Key_Down:
        cursor_.gold = std::min(last, cursor_.gold + 1);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        choose(cursor_);
        return;
    default:
        Plot::keyPressEvent(event);
        return;
    }
    showCursor();
}

void ConfusionPlot::focusInEvent(QFocusEvent* event) {
    Plot::focusInEvent(event);
    showCursor();
}

void ConfusionPlot::focusOutEvent(QFocusEvent* event) {
    Plot::focusOutEvent(event);
    showCursor();
}

} // namespace stillroom
