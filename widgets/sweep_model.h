// The runs of a sweep as a table. GUI thread.
#pragma once

#include "core/experiment/sweep_rows.h"

#include <QAbstractTableModel>
#include <vector>

namespace stillroom {

class SweepModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Number, Label, State, Progress, Accuracy, MacroF1, Gradient, Time, Columns };
    enum Role { Share = Qt::UserRole }; ///< of Progress: of the run's steps, 0 to 1; invalid: not begun

    using QAbstractTableModel::QAbstractTableModel;
    /// Of the same sweep as before, or of another one.
    void show(const std::vector<SweepRow>& rows);
    [[nodiscard]] const SweepRow& row(int row) const { return rows_[static_cast<std::size_t>(row)]; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    [[nodiscard]] QString text(const SweepRow& row, int column) const;
    std::vector<SweepRow> rows_;
};

} // namespace stillroom
