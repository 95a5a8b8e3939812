#include "widgets/sweep_model.h"

#include "widgets/text.h"
#include "widgets/theme.h"

namespace stillroom {
namespace {

using RunState = SweepStatus::State;

QString stateText(const SweepRow& row) {
    if (row.cancelRequested)
        return SweepModel::tr("cancelling …");
    switch (row.status.state) {
    case RunState::Waiting:
        return SweepModel::tr("waiting");
    case RunState::Running:
        return SweepModel::tr("running");
    case RunState::CutOff:
        return SweepModel::tr("cut off");
    case RunState::Completed:
        return SweepModel::tr("completed");
    case RunState::Failed:
        return SweepModel::tr("failed");
    case RunState::Cancelled:
        return SweepModel::tr("cancelled");
    }
    return {};
}

bool isNumber(int column) {
    return column != SweepModel::Label && column != SweepModel::State && column != SweepModel::Progress;
}

} // namespace

void SweepModel::show(const std::vector<SweepRow>& rows) {
    if (rows.size() != rows_.size()) {
        beginResetModel();
        rows_ = rows;
        endResetModel();
        return;
    }
    rows_ = rows;
    if (!rows_.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, Columns - 1));
}

int SweepModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int SweepModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : Columns;
}

QString SweepModel::text(const SweepRow& row, int column) const {
    const QString none = QStringLiteral("–");
    const Score* score = row.score();
    switch (column) {
    case Number:
        return QString::number(row.task.number);
    case Label:
        return toQString(row.task.label);
    case State:
        return stateText(row);
    case Progress:
        return row.status.state == RunState::Waiting ? none : percent(row.shareDone(), 0);
    case Accuracy:
        return score != nullptr ? fixed(score->accuracy, 4) : none;
    case MacroF1:
        return score != nullptr ? fixed(score->macroF1, 4) : none;
    case Gradient:
        return row.summary && row.status.state == RunState::Completed ? percent(row.summary->gradientShare())
                                                                      : none;
    case Time:
        return row.seconds() > 0 ? duration(row.seconds()) : none;
    default:
        return {};
    }
}

QVariant SweepModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid())
        return {};
    const SweepRow& row = this->row(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::ToolTipRole:
        if (column == State && !row.status.error.empty())
            return toQString(row.status.error);
        if ((column == Accuracy || column == MacroF1) && row.score() != nullptr)
            return row.summary->test ? tr("of the test split")
                                     : tr("of the validation split, the best so far");
        return column == Label ? QVariant(text(row, column)) : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(isNumber(column) ? Qt::AlignRight | Qt::AlignVCenter
                                                    : Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::ForegroundRole:
        if (column == State && row.status.state == RunState::Failed)
            return theme().warning;
        return row.status.state == RunState::Waiting || row.status.state == RunState::Cancelled
                   ? QVariant(theme().muted)
                   : QVariant();
    case Share:
        return column == Progress && row.status.state != RunState::Waiting ? QVariant(row.shareDone())
                                                                           : QVariant();
    default:
        return {};
    }
}

QVariant SweepModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(isNumber(section) ? Qt::AlignRight | Qt::AlignVCenter
                                                     : Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section == Gradient)
        return tr("Samples in backward passes, as a share of all of them in every epoch");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Label:
        return tr("run");
    case State:
        return tr("state");
    case Progress:
        return tr("done");
    case Accuracy:
        return tr("accuracy");
    case MacroF1:
        return tr("macro-F1");
    case Gradient:
        return tr("gradient work");
    case Time:
        return tr("time");
    default:
        return {};
    }
}

} // namespace stillroom
