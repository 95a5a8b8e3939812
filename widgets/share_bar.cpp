#include "widgets/share_bar.h"

#include "widgets/theme.h"

#include <QPainter>
#include <algorithm>

namespace stillroom {

void ShareBarDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
    const QVariant share = index.data(ShareRole);
    if (!share.isValid()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    // The bar left, the number right of it: both can be compared down the column.
    const int words = option.fontMetrics.horizontalAdvance(QStringLiteral("8,888,888")) + 12;
    const QRectF row(option.rect);
    const double room = std::max(0.0, row.width() - words - 4);
    const double thick = std::max(4.0, row.height() * 0.42);
    const QRectF area(row.left() + 4, row.center().y() - thick / 2, room, thick);
    painter->save();
    painter->fillRect(area, theme().grid);
    const double part = std::clamp(share.toDouble(), 0.0, 1.0);
    painter->fillRect(
        QRectF(area.left(), area.top(), part > 0 ? std::max(1.0, area.width() * part) : 0, thick),
        theme().keptMedium);
    painter->restore();
    QStyleOptionViewItem number = option;
    number.rect.setLeft(static_cast<int>(area.right()));
    QStyledItemDelegate::paint(painter, number, index);
}

} // namespace stillroom
