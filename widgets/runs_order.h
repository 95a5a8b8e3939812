// Which runs are listed, and in which order: between the model and its view.
#pragma once

#include "core/experiment/run_filter.h"

#include <QSortFilterProxyModel>

namespace stillroom {

class RunsModel;

/// Before a word that follows a column of numbers, in cells and headers.
inline constexpr QChar WordGap = u'\u2002';

/// GUI thread. What has no value comes last, whichever way it is sorted.
class RunsOrder : public QSortFilterProxyModel {
    Q_OBJECT
  public:
    explicit RunsOrder(RunsModel* model, QObject* parent = nullptr);

    void setFilter(const QString& text);
    void setArchivedShown(bool shown);
    [[nodiscard]] RunsModel* model() const { return model_; }

    /// The header says which column is sorted by, and how.
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

  private:
    RunsModel* model_;
    RunFilter filter_;
    bool archivedShown_ = false;
};

} // namespace stillroom
