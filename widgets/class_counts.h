// What thresholds keep of each class, as a table: how many, how that differs from now, how many of the labels
// are right. The share kept is a bar behind the number.
#pragma once

#include "widgets/what_if_model.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>
#include <QTableView>

namespace stillroom {

class ClassCountsModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Name, Kept, Change, Right, ColumnCount };
    enum Role { ShareRole = Qt::UserRole, ShareNowRole };

    explicit ClassCountsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
    void setClasses(const std::vector<std::string>& classes);
    void setAnswer(const std::optional<WhatIfModel::Answer>& answer);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    [[nodiscard]] QString cell(std::size_t label, int column) const;
    [[nodiscard]] QString tip(std::size_t label) const;

    QStringList classes_;
    std::vector<WhatIfCounts> now_, then_;
    bool supposed_ = false;
};

/// Draws the bar.
class ClassCountsDelegate : public QStyledItemDelegate {
    Q_OBJECT
  public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

/// A table of counts by class; Ctrl+C copies the selected rows.
class ClassCountsView : public QTableView {
    Q_OBJECT
  public:
    explicit ClassCountsView(ClassCountsModel* model, QWidget* parent = nullptr);

  protected:
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

  private:
    void fitColumns();
};

} // namespace stillroom
