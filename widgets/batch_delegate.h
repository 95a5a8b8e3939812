// How a row of a batch looks: two lines, what was kept marked by a disc with a tick, a stripe and bold words,
// values as bars with a notch where the bar of the class is.
#pragma once

#include <QStyledItemDelegate>

namespace stillroom {

/// For BatchModel's columns. GUI thread.
class BatchDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] static int rowHeight();
};

} // namespace stillroom
