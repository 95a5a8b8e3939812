// The rows of the Samples table: sample numbers in the order in which they are shown. A row costs four bytes;
// its cells are made when they are looked at.
#pragma once

#include "widgets/sample_cells.h"

#include <QAbstractTableModel>
#include <span>
#include <vector>

namespace stillroom {

class SamplesModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    explicit SamplesModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

    /// What cells are read from: the rows stay; they are emptied when the samples are others.
    void setCells(SampleCells cells);
    [[nodiscard]] const SampleCells& cells() const { return cells_; }
    void setRows(std::vector<std::uint32_t> rows);
    /// Said in the header: which column the rows are sorted by.
    void setOrder(SampleCells::Column column, bool ascending);
    void append(std::span<const std::uint32_t> rows);
    [[nodiscard]] const std::vector<std::uint32_t>& rows() const { return rows_; }
    [[nodiscard]] std::uint32_t sampleAt(int row) const { return rows_[static_cast<std::size_t>(row)]; }
    /// −1: not shown.
    [[nodiscard]] int rowOf(std::uint32_t sample) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    [[nodiscard]] QVariant tip(std::uint32_t sample, SampleCells::Column column) const;
    [[nodiscard]] QVariant colour(std::uint32_t sample, SampleCells::Column column) const;

    SampleCells cells_;
    std::vector<std::uint32_t> rows_;
    SampleCells::Column sorted_ = SampleCells::Number;
    bool ascending_ = true;
};

} // namespace stillroom
