#include "widgets/batch_table.h"

#include "widgets/batch_delegate.h"
#include "widgets/batch_model.h"
#include "widgets/theme.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

/// Least width at a desk, and how much of what is left a column gets.
struct Share {
    BatchModel::Column column;
    int least;
    double more;
};
constexpr Share Shares[] = {
    {BatchModel::Mark, 32, 0},      {BatchModel::Text, 104, 5},   {BatchModel::Gold, 62, 1},
    {BatchModel::Teacher, 94, 1},   {BatchModel::Student, 74, 1}, {BatchModel::Uncertainty, 72, 0.5},
    {BatchModel::Decision, 176, 1}, {BatchModel::Weight, 48, 0},  {BatchModel::Loss, 42, 0}};
/// What gives way first where there is no room: a tick or a cross says what gold would, the uncertainty what
/// the student's label is worth.
constexpr BatchModel::Column GivesWay[] = {BatchModel::Loss, BatchModel::Gold, BatchModel::Weight,
                                           BatchModel::Student};

} // namespace

BatchTable::BatchTable(BatchModel* model, QWidget* parent) : QTableView(parent), model_(model) {
    setModel(model);
    setItemDelegate(new BatchDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabKeyNavigation(false);
    setAccessibleName(tr("Samples of the batch"));
    setFont(textFont(TextSize::Note)); // of its header; the delegate has fonts of its own
    verticalHeader()->hide();
    auto* header = horizontalHeader();
    header->setFont(textFont(TextSize::Note));
    header->setHighlightSections(false);
    header->setSectionsClickable(false);
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setMinimumSectionSize(24);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, &BatchTable::rowChosen);
    auto* copy = new QAction(tr("Copy"), this);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &BatchTable::copyRow);
    addAction(copy);
    setContextMenuPolicy(Qt::ActionsContextMenu);
}

void BatchTable::copyRow() const {
    const int row = currentIndex().row();
    QStringList cells;
    for (int column = 0; row >= 0 && column < BatchModel::Columns; ++column)
        cells << model_->index(row, column).data(Qt::AccessibleTextRole).toString();
    QApplication::clipboard()->setText(cells.join(u'\t'));
}

void BatchTable::chooseFirst() {
    scrollToTop();
    selectRow(0);
    Q_EMIT rowChosen(); // it may be another batch's first
}

/// Whether the batch has something to say in a column.
bool BatchTable::wanted(int column) const {
    const auto& samples = model_->batch()->samples;
    switch (column) {
    case BatchModel::Gold:
        return model_->hasGold();
    case BatchModel::Student:
    case BatchModel::Uncertainty:
    case BatchModel::Loss:
        return std::any_of(samples.begin(), samples.end(),
                           [](const auto& sample) { return sample.studentLabel >= 0; });
    case BatchModel::Weight:
        return std::any_of(samples.begin(), samples.end(), [](const auto& sample) {
            return sample.verdict == Verdict::Kept && std::abs(sample.weight - 1) > 0.005F;
        });
    default:
        return true;
    }
}

void BatchTable::arrange() {
    if (model_->batch() == nullptr)
        return;
    int least = 0;
    for (const auto& share : Shares) {
        setColumnHidden(share.column, !wanted(share.column));
        least += isColumnHidden(share.column) ? 0 : scaled(share.least);
    }
    for (const auto column : GivesWay) {
        if (least <= viewport()->width() || isColumnHidden(column))
            continue;
        setColumnHidden(column, true);
        least -= scaled(std::find_if(std::begin(Shares), std::end(Shares), [&](const Share& share) {
                            return share.column == column;
                        })->least);
    }
    double more = 0;
    for (const auto& share : Shares)
        more += isColumnHidden(share.column) ? 0 : share.more;
    const double left = std::max(0, viewport()->width() - least);
    for (const auto& share : Shares)
        setColumnWidth(share.column,
                       scaled(share.least) + static_cast<int>(left * share.more / std::max(1.0, more)));
    verticalHeader()->setMinimumSectionSize(BatchDelegate::rowHeight());
    verticalHeader()->setDefaultSectionSize(BatchDelegate::rowHeight());
}

void BatchTable::resizeEvent(QResizeEvent* event) {
    QTableView::resizeEvent(event);
    arrange();
}

} // namespace stillroom
