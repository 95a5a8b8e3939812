#include "widgets/runs_order.h"

#include "widgets/run_columns.h"
#include "widgets/runs_model.h"

namespace stillroom {

RunsOrder::RunsOrder(RunsModel* model, QObject* parent) : QSortFilterProxyModel(parent), model_(model) {
    setSourceModel(model);
    setSortRole(RunsModel::SortRole);
    setDynamicSortFilter(true);
}

void RunsOrder::setFilter(const QString& text) {
    filter_ = RunFilter(text.toStdString());
    invalidateFilter();
}

void RunsOrder::setArchivedShown(bool shown) {
    archivedShown_ = shown;
    invalidateFilter();
}

bool RunsOrder::filterAcceptsRow(int row, const QModelIndex&) const {
    const IndexedRun& run = *model_->runAt(row);
    return (archivedShown_ || !run.about.archived) && filter_.matches(run);
}

bool RunsOrder::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const QVariant a = left.data(RunsModel::SortRole), b = right.data(RunsModel::SortRole);
    const bool ascending = sortOrder() == Qt::AscendingOrder;
    if (!a.isValid() || !b.isValid())
        return ascending ? a.isValid() && !b.isValid() : !a.isValid() && b.isValid();
    const bool numberA = a.typeId() == QMetaType::Double, numberB = b.typeId() == QMetaType::Double;
    if (numberA && numberB)
        return a.toDouble() < b.toDouble();
    if (numberA != numberB)
        return numberA;
    return QString::localeAwareCompare(a.toString(), b.toString()) < 0;
}

QVariant RunsOrder::headerData(int section, Qt::Orientation orientation, int role) const {
    const QVariant said = QSortFilterProxyModel::headerData(section, orientation, role);
    if (role != Qt::DisplayRole || orientation != Qt::Horizontal)
        return said;
    QString text = said.toString();
    if (section > 0 && !runColumns()[section].isNumber())
        text.prepend(WordGap);
    if (section == sortColumn())
        text += sortOrder() == Qt::AscendingOrder ? QStringLiteral(" ▲") : QStringLiteral(" ▼");
    return text;
}

} // namespace stillroom
