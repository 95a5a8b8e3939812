#include "widgets/class_counts.h"

#include "widgets/row_copy.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <limits>

namespace stillroom {
namespace {

double shareOf(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                      : static_cast<double>(part) / static_cast<double>(whole);
}

QString difference(std::int64_t value) {
    return value > 0   ? QStringLiteral("+%1").arg(grouped(value))
           : value < 0 ? QStringLiteral("−%1").arg(grouped(-value))
                       : QStringLiteral("0");
}

} // namespace

void ClassCountsModel::setClasses(const std::vector<std::string>& classes) {
    beginResetModel();
    classes_.clear();
    for (const auto& name : classes)
        classes_ << toQString(name);
    now_.clear();
    then_.clear();
    endResetModel();
}

void ClassCountsModel::setAnswer(const std::optional<WhatIfModel::Answer>& answer) {
    now_.clear();
    then_.clear();
    supposed_ = answer && answer->supposed;
    if (answer && answer->now.byClass.size() == static_cast<std::size_t>(classes_.size())) {
        now_ = answer->now.byClass;
        then_ = answer->then.byClass;
    }
    if (!classes_.isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int ClassCountsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(classes_.size());
}

int ClassCountsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString ClassCountsModel::cell(std::size_t label, int column) const {
    if (column == Name)
        return classes_[static_cast<qsizetype>(label)];
    if (label >= then_.size())
        return QStringLiteral("–");
    const WhatIfCounts& then = then_[label];
    switch (column) {
    case Kept:
        return grouped(then.kept);
    case Change:
        return supposed_ ? difference(then.kept - now_[label].kept) : QString();
    case Right:
        return percent(shareOf(then.keptRight, then.keptWithGold), 0);
    default:
        return {};
    }
}

QString ClassCountsModel::tip(std::size_t label) const {
    QString text = classes_[static_cast<qsizetype>(label)].toHtmlEscaped();
    if (label >= then_.size())
        return text;
    const WhatIfCounts& now = now_[label];
    const WhatIfCounts& then = then_[label];
    const auto line = [&](const QString& words) { text += QStringLiteral("<br>") + words; };
    line(tr("%1 of %2 kept (%3)")
             .arg(grouped(then.kept), grouped(then.samples), percent(shareOf(then.kept, then.samples))));
    if (supposed_)
        line(tr("now %1 (%2): %3 enter, %4 leave")
                 .arg(grouped(now.kept), percent(shareOf(now.kept, now.samples)), grouped(then.enters),
                      grouped(then.leaves)));
    line(tr("refused by the teacher %1, by the student %2, by both %3")
             .arg(grouped(then.refusedByTeacher), grouped(then.refusedByStudent),
                  grouped(then.refusedByBoth)));
    if (then.keptWithGold > 0)
        line(tr("labels right among the kept: %1; among all of the class: %2")
                 .arg(percent(shareOf(then.keptRight, then.keptWithGold)),
                      percent(shareOf(then.right, then.withGold))));
    return QStringLiteral("<p style='white-space:pre'>%1</p>").arg(text);
}

QVariant ClassCountsModel::data(const QModelIndex& index, int role) const {
    const auto label = static_cast<std::size_t>(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return cell(label, index.column());
    case Qt::TextAlignmentRole:
        return QVariant(index.column() == Name ? Qt::AlignLeft | Qt::AlignVCenter
                                               : Qt::AlignRight | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return tip(label);
    case ShareRole:
        return label < then_.size() ? shareOf(then_[label].kept, then_[label].samples) : 0.0;
    case ShareNowRole:
        return supposed_ && label < now_.size() ? shareOf(now_[label].kept, now_[label].samples) : -1.0;
    case Qt::ForegroundRole: {
        const bool worse = index.column() == Change && label < then_.size() && then_[label].kept == 0 &&
                           now_[label].kept > 0;
        if (worse) // a class that would be lost
            return theme().warning;
        return index.column() == Change ? QVariant(theme().muted) : QVariant();
    }
    default:
        return {};
    }
}

QVariant ClassCountsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == Name ? Qt::AlignLeft | Qt::AlignVCenter
                                        : Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        return QStringList{tr("By the teacher's label"),
                           tr("How many would be kept; the bar is their share of the class, the mark what it "
                              "is now"),
                           tr("Against what the thresholds keep now"),
                           tr("Among the kept, the share whose label is gold's")}[section];
    if (role == Qt::FontRole)
        return textFont(TextSize::Note);
    if (role == Qt::DisplayRole)
        return QStringList{tr("class"), tr("kept"), supposed_ ? tr("change") : QString(),
                           tr("right")}[section];
    return {};
}

void ClassCountsDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const {
    QStyledItemDelegate::paint(painter, option, index);
    if (index.column() != ClassCountsModel::Kept)
        return;
    // Under the number, so that it stays readable: the share of the class, and a mark where it is now.
    const Theme& colours = theme();
    const QRectF row(option.rect);
    const QRectF area(row.left() + 4, row.bottom() - scaled(3.0), row.width() - 7, scaled(2.5));
    const double share = index.data(ClassCountsModel::ShareRole).toDouble();
    const double now = index.data(ClassCountsModel::ShareNowRole).toDouble();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->fillRect(area, colours.hairline);
    if (share > 0)
        painter->fillRect(QRectF(area.left(), area.top(), area.width() * std::min(1.0, share), area.height()),
                          colours.kept);
    if (now >= 0) {
        const double x = area.left() + area.width() * std::min(1.0, now);
        painter->setPen(QPen(colours.text, scaled(1.6)));
        painter->drawLine(QLineF(x, area.top() - scaled(3.0), x, area.bottom()));
    }
    painter->restore();
}

ClassCountsView::ClassCountsView(ClassCountsModel* model, QWidget* parent) : QTableView(parent) {
    setModel(model);
    setItemDelegate(new ClassCountsDelegate(this));
    setShowGrid(false);
    setFrameShape(NoFrame);
    setWordWrap(false);
    setTextElideMode(Qt::ElideMiddle);
    setEditTriggers(NoEditTriggers);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setTabKeyNavigation(false);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setFont(textFont(TextSize::Note));
    horizontalHeader()->setFont(textFont(TextSize::Note));
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(30);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(fontMetrics().height() + 4);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 9);
    setAccessibleName(tr("What is kept of each class"));
}

void ClassCountsView::fitColumns() {
    const QFontMetrics metrics = fontMetrics();
    const int right = metrics.horizontalAdvance(QStringLiteral("100 %")) + 14;
    const int change = metrics.horizontalAdvance(QStringLiteral("−88,888")) + 10;
    const int kept = metrics.horizontalAdvance(QStringLiteral("888,888")) + 22;
    const int name = std::max(60, viewport()->width() - right - change - kept);
    setColumnWidth(ClassCountsModel::Name, name);
    setColumnWidth(ClassCountsModel::Kept, kept);
    setColumnWidth(ClassCountsModel::Change, change);
    setColumnWidth(ClassCountsModel::Right, right);
}

void ClassCountsView::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    fitColumns();
}

void ClassCountsView::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitColumns();
}

void ClassCountsView::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy))
        copyRows(*this);
    else
        QTableView::keyPressEvent(event);
}

} // namespace stillroom
