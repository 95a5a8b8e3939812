#include "widgets/preview_table.h"

#include "widgets/row_copy.h"
#include "widgets/text.h"

#include <QHeaderView>
#include <algorithm>

namespace stillroom {
namespace {

constexpr int MostShown = 400, MostInTip = 2000; // characters
constexpr int LeastWidth = 72, MostWidth = 420;

} // namespace

PreviewTable::PreviewTable(QWidget* parent) : NumberTable(parent) {
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollMode(ScrollPerPixel);
    setAccessibleName(tr("The first rows as they are read"));
}

void PreviewTable::preview(const SniffedFile* file) {
    setUpdatesEnabled(false);
    clear();
    const int columns = file == nullptr ? 0 : std::min(MostColumns, static_cast<int>(file->columns.size()));
    setColumnCount(columns);
    setRowCount(file == nullptr ? 0 : static_cast<int>(file->rows.size()));
    for (int c = 0; c < columns; ++c) {
        const auto at = static_cast<std::size_t>(c);
        auto* head = new QTableWidgetItem(oneLine(toQString(file->columns[at])).left(MostShown));
        head->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
        head->setToolTip(asTip(head->text()));
        setHorizontalHeaderItem(c, head);
        for (int r = 0; r < rowCount(); ++r) {
            const QString cell = toQString(file->rows[static_cast<std::size_t>(r)][at]);
            auto* item = new QTableWidgetItem(oneLine(cell.left(MostShown)));
            if (!cell.isEmpty())
                item->setToolTip(asTip(cell.left(MostInTip)));
            setItem(r, c, item);
        }
    }
    for (int c = 0; c < columns; ++c) {
        horizontalHeader()->setSectionResizeMode(c, QHeaderView::Interactive);
        int width = horizontalHeader()->sectionSizeHint(c);
        for (int r = 0; r < std::min(rowCount(), 20); ++r)
            width = std::max(width, fontMetrics().horizontalAdvance(item(r, c)->text()) + 16);
        horizontalHeader()->resizeSection(c, std::clamp(width, LeastWidth, MostWidth));
    }
    horizontalHeader()->setStretchLastSection(true);
    setUpdatesEnabled(true);
}

} // namespace stillroom
