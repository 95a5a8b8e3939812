#include "widgets/samples_model.h"

#include "widgets/row_copy.h"
#include "widgets/theme.h"

#include <algorithm>

namespace stillroom {
namespace {
constexpr qsizetype TipLetters = 1500;
} // namespace

void SamplesModel::setCells(SampleCells cells) {
    const bool others = cells.table != cells_.table;
    if (others)
        beginResetModel();
    cells_ = std::move(cells);
    if (others) {
        rows_.clear();
        endResetModel();
    } else if (!rows_.empty()) {
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    }
}

void SamplesModel::setRows(std::vector<std::uint32_t> rows) {
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
}

void SamplesModel::setOrder(SampleCells::Column column, bool ascending) {
    sorted_ = column;
    ascending_ = ascending;
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, SampleCells::ColumnCount - 1);
}

void SamplesModel::append(std::span<const std::uint32_t> rows) {
    if (rows.empty())
        return;
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(rows.size()) - 1);
    rows_.insert(rows_.end(), rows.begin(), rows.end());
    endInsertRows();
}

int SamplesModel::rowOf(std::uint32_t sample) const {
    const auto found = std::find(rows_.begin(), rows_.end(), sample);
    return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

int SamplesModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !cells_.table ? 0 : static_cast<int>(rows_.size());
}

int SamplesModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : SampleCells::ColumnCount;
}

QVariant SamplesModel::tip(std::uint32_t sample, SampleCells::Column column) const {
    // Whatever a text says, it is shown and never obeyed.
    const QString text =
        column == SampleCells::Text ? cells_.text(sample).left(TipLetters) : cells_.cell(sample, column);
    return asTip(text);
}

QVariant SamplesModel::colour(std::uint32_t sample, SampleCells::Column column) const {
    const SampleTable& table = *cells_.table;
    switch (column) {
    case SampleCells::Teacher: // vermilion warns: the label is not gold's
        return table.gold[sample] >= 0 && table.gold[sample] != table.labels[sample]
                   ? QVariant(theme().warning)
                   : QVariant();
    case SampleCells::Student: {
        const int says = cells_.trace(sample).studentLabel();
        return says >= 0 && says != table.labels[sample] ? QVariant() : QVariant(theme().muted);
    }
    case SampleCells::VerdictNow:
        return cells_.trace(sample).kept() ? QVariant(theme().kept) : QVariant(theme().muted);
    case SampleCells::Number:
    case SampleCells::Id:
        return theme().muted;
    default:
        return {};
    }
}

QVariant SamplesModel::data(const QModelIndex& index, int role) const {
    const std::uint32_t sample = sampleAt(index.row());
    const auto column = static_cast<SampleCells::Column>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return cells_.cell(sample, column);
    case Qt::TextAlignmentRole:
        return QVariant((SampleCells::isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        return tip(sample, column);
    case Qt::ForegroundRole:
        return colour(sample, column);
    default:
        return {};
    }
}

QVariant SamplesModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    const auto column = static_cast<SampleCells::Column>(section);
    if (role == Qt::DisplayRole)
        return column == sorted_
                   ? SampleCells::title(column) + (ascending_ ? QStringLiteral(" ▲") : QStringLiteral(" ▼"))
                   : SampleCells::title(column);
    if (role == Qt::FontRole)
        return textFont(TextSize::Note);
    if (role == Qt::TextAlignmentRole)
        return QVariant((SampleCells::isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole)
        switch (column) {
        case SampleCells::Teacher:
            return tr("The teacher's label; vermilion where gold says otherwise");
        case SampleCells::Student:
            return tr("The student's label in the epoch looked at; dark where it is not the teacher's");
        case SampleCells::Uncertainty:
            return tr("The student's uncertainty in the epoch looked at, 0 to 1");
        case SampleCells::KeptTimes:
            return tr("In how many epochs it was kept, so far");
        case SampleCells::FirstKept:
            return tr("The first epoch in which it was kept");
        case SampleCells::LastKept:
            return tr("The last epoch in which it was kept");
        case SampleCells::VerdictNow:
            return tr("What the rule said of it in the epoch looked at");
        default:
            break;
        }
    return {};
}

} // namespace stillroom
