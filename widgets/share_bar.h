// Under a number in a table, a bar: its share.
#pragma once

#include <QStyledItemDelegate>

namespace stillroom {

class ShareBarDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    static constexpr int ShareRole = Qt::UserRole + 20; ///< 0 to 1; none: no bar

    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

} // namespace stillroom
