// One batch of step mode as a table: a row for each sample, what teacher and student said of it, and what was
// decided. GUI thread.
#pragma once

#include "core/engine/events.h"
#include "core/lab/sample_table.h"
#include "widgets/batch_reason.h"

#include <QAbstractTableModel>
#include <memory>
#include <vector>

namespace stillroom {

class BatchModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Mark, Text, Gold, Teacher, Student, Uncertainty, Decision, Weight, Loss, Columns };
    enum Role {
        Kept = Qt::UserRole, ///< bool
        Note,                ///< the second line
        Share,               ///< of a column with a bar: its value, 0 to 1; invalid: none
        Bar,                 ///< what it had to reach; invalid: nothing
        Right,               ///< 1 the label is gold's, 0 it is not; invalid: nobody knows
    };
    enum class Order { KeptFirst, AsDrawn };

    using QAbstractTableModel::QAbstractTableModel;
    /// Where texts, gold and the names of classes are. Null: not there yet.
    void setTable(std::shared_ptr<const SampleTable> table);
    void show(std::shared_ptr<const BatchEvent> batch);
    void setOrder(Order order);
    [[nodiscard]] Order order() const { return order_; }
    [[nodiscard]] const BatchEvent* batch() const { return batch_.get(); }
    [[nodiscard]] const std::vector<std::string>& classes() const;
    [[nodiscard]] bool hasGold() const { return table_ && table_->hasGold(); }

    // Of the sample in a row.
    [[nodiscard]] const BatchEvent::Sample& sample(int row) const;
    [[nodiscard]] QString text(int row) const; ///< the whole of it
    [[nodiscard]] QString reason(int row) const;
    [[nodiscard]] int gold(const BatchEvent::Sample& sample) const; ///< −1: unknown

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    void arrange();
    [[nodiscard]] QString className(std::int32_t label) const;
    [[nodiscard]] QVariant display(int row, int column) const;
    [[nodiscard]] QVariant note(const BatchEvent::Sample& sample, int column) const;
    [[nodiscard]] QVariant right(const BatchEvent::Sample& sample, std::int32_t label) const;

    std::shared_ptr<const SampleTable> table_;
    std::shared_ptr<const BatchEvent> batch_;
    Order order_ = Order::KeptFirst;
    std::vector<std::size_t> places_; ///< which sample stands in which row
};

} // namespace stillroom
