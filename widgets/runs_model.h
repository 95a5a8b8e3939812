// The runs as rows: every column of run_columns.h, settings that do not differ among them too (the view hides
// those).
#pragma once

#include "core/experiment/run_index.h"

#include <QAbstractTableModel>
#include <QSet>
#include <memory>
#include <unordered_map>
#include <vector>

namespace stillroom {

using SharedRun = std::shared_ptr<const IndexedRun>;

/// GUI thread.
class RunsModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    /// A number to sort by, or a text; invalid where there is none.
    static constexpr int SortRole = Qt::UserRole;

    explicit RunsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

    /// New runs are appended, known ones replaced.
    void put(const std::vector<SharedRun>& runs);
    /// All others go.
    void keepOnly(const QSet<QString>& folders);
    void clear() { keepOnly({}); }

    [[nodiscard]] const SharedRun& runAt(int row) const { return runs_[static_cast<std::size_t>(row)]; }
    [[nodiscard]] const std::vector<SharedRun>& runs() const { return runs_; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  Q_SIGNALS:
    void runsChanged(); ///< which there are, or what is known of them

  private:
    std::vector<SharedRun> runs_;
    std::unordered_map<std::string, int> rows_; ///< by folder
};

} // namespace stillroom
