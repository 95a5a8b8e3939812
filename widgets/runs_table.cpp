#include "widgets/runs_table.h"

#include "widgets/row_copy.h"
#include "widgets/run_columns.h"
#include "widgets/runs_order.h"
#include "widgets/table_look.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include "core/experiment/setting_difference.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QSettings>
#include <QStyledItemDelegate>
#include <algorithm>

namespace stillroom {
namespace {

constexpr int MostColumn = 150, MostName = 190; // pixels at a desk
constexpr int LookedAt = 100;                   // rows, to see how wide a column must be
const QString HiddenKey = QStringLiteral("runs/hiddenColumns");
const QString AddedKey = QStringLiteral("runs/addedColumns");

/// Names of runs and folders differ at their ends, values at both.
class MiddleElided : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

  protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        option->textElideMode = Qt::ElideMiddle;
        if ((option->displayAlignment & Qt::AlignLeft) && index.column() > 0)
            option->text.prepend(WordGap);
    }
};

} // namespace

RunsTable::RunsTable(RunsOrder* order, QWidget* parent) : QTableView(parent), order_(order) {
    setModel(order);
    setItemDelegate(new MiddleElided(this));
    makeLongTable(*this);
    setAccessibleName(tr("Runs"));
    auto* header = horizontalHeader();
    header->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(header, &QHeaderView::sectionClicked, this, &RunsTable::sortBy);
    connect(header, &QHeaderView::customContextMenuRequested, this, [this, header](const QPoint& at) {
        auto* menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillColumnMenu(menu);
        menu->popup(header->viewport()->mapToGlobal(at));
    });
    const QSettings settings;
    hidden_ = settings.value(HiddenKey).toStringList();
    added_ = settings.value(AddedKey).toStringList();
    order->sort(runColumn(QStringLiteral("created")), Qt::DescendingOrder);

    for (auto* timer : {&columnsSoon_, &chosenSoon_}) {
        timer->setSingleShot(true);
        timer->setInterval(0);
    }
    connect(&columnsSoon_, &QTimer::timeout, this, [this] {
        showColumns();
        Q_EMIT listedChanged();
    });
    connect(&chosenSoon_, &QTimer::timeout, this, &RunsTable::chosenChanged);
    const auto other = [this] { columnsSoon_.start(); };
    connect(order, &QAbstractItemModel::rowsInserted, this, other);
    connect(order, &QAbstractItemModel::rowsRemoved, this, other);
    connect(order, &QAbstractItemModel::dataChanged, this, [this, other] {
        other();
        chosenSoon_.start();
    });
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] { chosenSoon_.start(); });
    connect(order, &QAbstractItemModel::rowsRemoved, this, [this] { chosenSoon_.start(); });
    showColumns();
}

std::vector<SharedRun> RunsTable::chosen() const {
    std::vector<int> rows;
    for (const auto& range : selectionModel()->selection())
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.push_back(row);
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    std::vector<SharedRun> runs;
    for (const int row : rows)
        runs.push_back(order_->model()->runAt(order_->mapToSource(order_->index(row, 0)).row()));
    return runs;
}

std::vector<SharedRun> RunsTable::listed() const {
    std::vector<SharedRun> runs;
    for (int row = 0; row < order_->rowCount(); ++row)
        runs.push_back(order_->model()->runAt(order_->mapToSource(order_->index(row, 0)).row()));
    return runs;
}

bool RunsTable::isShown(int column) const {
    const RunColumn& one = runColumns()[column];
    if (one.isSetting())
        return std::find(differing_.begin(), differing_.end(), one.id.toStdString()) != differing_.end();
    return one.usual ? !hidden_.contains(one.id) : added_.contains(one.id);
}

void RunsTable::showColumns() {
    std::vector<const RunSummary*> summaries;
    const auto runs = listed();
    for (const auto& run : runs)
        if (!run->summary.name.empty()) // one that cannot be read differs in everything
            summaries.push_back(&run->summary);
    differing_ = differingSettings(summaries);
    for (int column = 0; column < runColumns().size(); ++column)
        if (const bool hide = !isShown(column); isColumnHidden(column) != hide)
            setColumnHidden(column, hide);
    fitColumns();
}

void RunsTable::fillColumnMenu(QMenu* menu) {
    menu->addSection(tr("Columns"));
    for (int column = 1; column < runColumns().size(); ++column) {
        const RunColumn& one = runColumns()[column];
        if (one.isSetting())
            continue;
        auto* action = menu->addAction(one.title);
        action->setToolTip(one.tip);
        action->setCheckable(true);
        action->setChecked(isShown(column));
        connect(action, &QAction::toggled, this, [this, &one](bool on) {
            QStringList& list = one.usual ? hidden_ : added_;
            list.removeAll(one.id);
            if (on != one.usual)
                list << one.id;
            QSettings settings;
            settings.setValue(HiddenKey, hidden_);
            settings.setValue(AddedKey, added_);
            showColumns();
        });
    }
    menu->setToolTipsVisible(true);
}

void RunsTable::sortBy(int column) {
    // The largest first is what one looks for among results, and the newest among times.
    const RunColumn& one = runColumns()[column];
    const bool largest = one.outcome || one.id == QLatin1String("created");
    Qt::SortOrder way = largest ? Qt::DescendingOrder : Qt::AscendingOrder;
    if (column == order_->sortColumn())
        way = order_->sortOrder() == Qt::AscendingOrder ? Qt::DescendingOrder : Qt::AscendingOrder;
    order_->sort(column, way);
    fitColumns();
    horizontalHeader()->viewport()->update();
    chosenSoon_.start(); // the order of what is chosen
}

void RunsTable::fitColumns() {
    const QFontMetrics metrics = fontMetrics();
    const int padding = scaled(18);
    const int rows = std::min(LookedAt, order_->rowCount());
    for (int column = 0; column < runColumns().size(); ++column) {
        if (isColumnHidden(column))
            continue;
        int width = metrics.horizontalAdvance(
            order_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString() + QStringLiteral(" ▼"));
        for (int row = 0; row < rows; ++row)
            width = std::max(width, metrics.horizontalAdvance(order_->index(row, column).data().toString()));
        setColumnWidth(column, std::min(width + padding, scaled(column == 0 ? MostName : MostColumn)));
    }
}

void RunsTable::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        fitRowsToFont(*this);
        fitColumns();
    }
}

void RunsTable::keyboardSearch(const QString& text) {
    if (!text.trimmed().isEmpty())
        Q_EMIT typed(text);
}

void RunsTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy))
        copyRows(*this);
    else if (event->matches(QKeySequence::Delete))
        Q_EMIT deleteWanted();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        Q_EMIT openWanted();
    else
        QTableView::keyPressEvent(event);
}

void RunsTable::mouseDoubleClickEvent(QMouseEvent* event) {
    QTableView::mouseDoubleClickEvent(event);
    if (event->button() == Qt::LeftButton && indexAt(event->pos()).isValid())
        Q_EMIT openWanted();
}

void RunsTable::contextMenuEvent(QContextMenuEvent* event) {
    if (!selectionModel()->hasSelection())
        return;
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    Q_EMIT menuWanted(byKey ? viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft())
                            : event->globalPos());
}

} // namespace stillroom
