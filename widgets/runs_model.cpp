#include "widgets/runs_model.h"

#include "widgets/row_copy.h"
#include "widgets/run_columns.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <cmath>

namespace stillroom {
namespace {

QVariant colourOf(const IndexedRun& run, const RunColumn& column) {
    if (!run.problem.empty() && run.summary.name.empty())
        return theme().warning;
    if (run.about.archived)
        return theme().muted;
    if (column.id != QLatin1String("state"))
        return {};
    switch (run.summary.state) {
    case RunSummary::State::Running:
        return theme().accent;
    case RunSummary::State::CutOff:
    case RunSummary::State::Failed:
        return theme().warning;
    case RunSummary::State::Stopped:
    case RunSummary::State::Completed:
        break;
    }
    return theme().muted;
}

QVariant tipOf(const IndexedRun& run, const RunColumn& column, int number) {
    if (!run.problem.empty())
        return asTip(toQString(run.problem));
    if (column.id == QLatin1String("state") && !run.summary.error.empty())
        return asTip(toQString(run.summary.error));
    if (column.id == QLatin1String("name")) {
        QString text = runCell(run, number) + u'\n' + toQString(run.summary.folder);
        if (!run.about.note.empty())
            text += u'\n' + toQString(run.about.note);
        return asTip(text);
    }
    if (column.id == QLatin1String("note"))
        return asTip(toQString(run.about.note));
    return asTip(runCell(run, number));
}

} // namespace

void RunsModel::put(const std::vector<SharedRun>& runs) {
    std::vector<SharedRun> fresh;
    bool changed = false;
    for (const auto& run : runs) {
        const auto known = rows_.find(run->summary.folder);
        if (known == rows_.end()) {
            rows_.emplace(run->summary.folder, static_cast<int>(runs_.size() + fresh.size()));
            fresh.push_back(run);
        } else if (auto& place = runs_[static_cast<std::size_t>(known->second)]; place != run) {
            place = run;
            changed = true;
            Q_EMIT dataChanged(index(known->second, 0), index(known->second, columnCount() - 1));
        }
    }
    if (!fresh.empty()) {
        beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(fresh.size()) - 1);
        runs_.insert(runs_.end(), fresh.begin(), fresh.end());
        endInsertRows();
    }
    if (changed || !fresh.empty())
        Q_EMIT runsChanged();
}

void RunsModel::keepOnly(const QSet<QString>& folders) {
    bool changed = false;
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (folders.contains(toQString(runAt(row)->summary.folder)))
            continue;
        beginRemoveRows({}, row, row);
        runs_.erase(runs_.begin() + row);
        endRemoveRows();
        changed = true;
    }
    if (!changed)
        return;
    rows_.clear();
    for (int row = 0; row < rowCount(); ++row)
        rows_.emplace(runAt(row)->summary.folder, row);
    Q_EMIT runsChanged();
}

int RunsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(runs_.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(runColumns().size());
}

QVariant RunsModel::data(const QModelIndex& index, int role) const {
    const IndexedRun& run = *runAt(index.row());
    const RunColumn& column = runColumns()[index.column()];
    switch (role) {
    case Qt::DisplayRole:
        return runCell(run, index.column());
    case SortRole: {
        if (const double number = runNumber(run, index.column()); std::isfinite(number))
            return number;
        if (column.isNumber() && !column.isSetting())
            return {};
        // The moment itself, not as it is shown.
        const QString text = column.id == QLatin1String("created") ? toQString(run.summary.created)
                                                                   : runCell(run, index.column());
        return text.isEmpty() ? QVariant() : QVariant(text);
    }
    case Qt::TextAlignmentRole: {
        const bool right =
            column.isNumber() && (!column.isSetting() || std::isfinite(runNumber(run, index.column())));
        return QVariant((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    case Qt::ToolTipRole:
        return tipOf(run, column, index.column());
    case Qt::ForegroundRole:
        return colourOf(run, column);
    default:
        return {};
    }
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    const RunColumn& column = runColumns()[section];
    switch (role) {
    case Qt::DisplayRole:
        return column.title;
    case Qt::ToolTipRole:
        return column.tip;
    case Qt::FontRole:
        return textFont(TextSize::Note);
    case Qt::TextAlignmentRole:
        return QVariant((column.isNumber() ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

} // namespace stillroom
