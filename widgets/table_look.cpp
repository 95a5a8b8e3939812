#include "widgets/table_look.h"

#include "widgets/theme.h"

#include <QHeaderView>
#include <QItemSelectionModel>
#include <QTableView>

namespace stillroom {

void makeLongTable(QTableView& table) {
    table.setShowGrid(false);
    table.setFrameShape(QFrame::NoFrame);
    table.setWordWrap(false);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::ExtendedSelection);
    table.setTabKeyNavigation(false);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setFont(textFont(TextSize::Note));
    table.verticalHeader()->hide();
    table.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    auto* header = table.horizontalHeader();
    header->setFont(textFont(TextSize::Note));
    header->setHighlightSections(false);
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(false); // the model's header says it, beside its word
    header->setMinimumSectionSize(30);
    // A header asks of each column whether all its rows are chosen, which reads all of them: it gets a
    // selection of its own, in which nothing ever is.
    header->setSelectionModel(new QItemSelectionModel(table.model(), header));
    fitRowsToFont(table);
}

void fitRowsToFont(QTableView& table) {
    const int height = table.fontMetrics().height() + 8;
    table.verticalHeader()->setMinimumSectionSize(height);
    table.verticalHeader()->setDefaultSectionSize(height);
}

} // namespace stillroom
