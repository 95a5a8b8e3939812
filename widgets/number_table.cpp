#include "widgets/number_table.h"

#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QKeyEvent>
#include <QStyledItemDelegate>
#include <algorithm>

namespace stillroom {
namespace {

/// Columns of numbers keep apart.
class Apart : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const QSize hint = QStyledItemDelegate::sizeHint(option, index);
        return index.column() > 0 ? hint + QSize(scaled(6), 0) : hint;
    }
};

} // namespace

NumberTable::NumberTable(QWidget* parent) : QTableWidget(parent) {
    setEditTriggers(NoEditTriggers);
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setVerticalScrollMode(ScrollPerPixel);
    setTextElideMode(Qt::ElideMiddle);
    setWordWrap(false);
    setItemDelegate(new Apart(this));
    setFont(textFont(TextSize::Note));
    verticalHeader()->hide();
    verticalHeader()->setMinimumSectionSize(atDesk(fontMetrics().height()) + 4);
    verticalHeader()->setDefaultSectionSize(atDesk(fontMetrics().height()) + 7);
    horizontalHeader()->setFont(textFont(TextSize::Note));
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(36);
    setTabKeyNavigation(false);
}

void NumberTable::show(const QStringList& columns, const QVector<QStringList>& rows) {
    setUpdatesEnabled(false);
    clear();
    setColumnCount(static_cast<int>(columns.size()));
    setRowCount(static_cast<int>(rows.size()));
    setHorizontalHeaderLabels(columns);
    const auto right = [&](qsizetype column) {
        if (column == 0 || rows.isEmpty() || column >= rows[0].size() || rows[0][column].isEmpty())
            return false;
        const QChar first = rows[0][column][0];
        return first.isDigit() || first == u'–' || first == u'-' || first == u'+';
    };
    for (qsizetype c = 0; c < columns.size(); ++c) {
        const auto alignment = (right(c) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
        horizontalHeaderItem(static_cast<int>(c))->setTextAlignment(alignment);
        for (qsizetype r = 0; r < rows.size(); ++r) {
            auto* item = new QTableWidgetItem(c < rows[r].size() ? rows[r][c] : QString());
            item->setTextAlignment(alignment);
            if (c == 0)
                item->setToolTip(item->text());
            setItem(static_cast<int>(r), static_cast<int>(c), item);
        }
    }
    for (int c = 1; c < columnCount(); ++c)
        horizontalHeader()->setSectionResizeMode(c, QHeaderView::ResizeToContents);
    if (columnCount() > 0)
        horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    setUpdatesEnabled(true);
}

void NumberTable::fitHeight(int most) {
    const int rows = std::min(most, std::max(1, rowCount()));
    setFixedHeight(horizontalHeader()->sizeHint().height() + rows * verticalHeader()->defaultSectionSize() +
                   4);
}

void NumberTable::keyPressEvent(QKeyEvent* event) {
    if (!event->matches(QKeySequence::Copy)) {
        QTableWidget::keyPressEvent(event);
        return;
    }
    auto chosen = selectedIndexes();
    std::sort(chosen.begin(), chosen.end());
    QString text;
    int row = -1;
    for (const auto& index : chosen) {
        if (row >= 0)
            text += index.row() == row ? u'\t' : u'\n';
        row = index.row();
        text += index.data().toString();
    }
    QApplication::clipboard()->setText(text);
}

} // namespace stillroom
