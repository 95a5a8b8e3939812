#include "widgets/batch_model.h"

#include "core/lab/biography.h"
#include "widgets/text.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace stillroom {

void BatchModel::setTable(std::shared_ptr<const SampleTable> table) {
    table_ = std::move(table);
    if (!places_.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, Columns - 1));
}

void BatchModel::show(std::shared_ptr<const BatchEvent> batch) {
    beginResetModel();
    batch_ = std::move(batch);
    arrange();
    endResetModel();
}

void BatchModel::setOrder(Order order) {
    beginResetModel();
    order_ = order;
    arrange();
    endResetModel();
}

void BatchModel::arrange() {
    places_.resize(batch_ ? batch_->samples.size() : 0);
    std::iota(places_.begin(), places_.end(), std::size_t{0});
    if (order_ == Order::KeptFirst)
        std::stable_partition(places_.begin(), places_.end(),
                              [this](std::size_t i) { return batch_->samples[i].verdict == Verdict::Kept; });
}

const BatchEvent::Sample& BatchModel::sample(int row) const {
    return batch_->samples[places_[static_cast<std::size_t>(row)]];
}

QString BatchModel::text(int row) const {
    const auto number = sample(row).sample;
    if (!table_ || number >= table_->size())
        return QStringLiteral("…");
    return toQString(table_->set.data->text(table_->rows[number])).simplified();
}

int BatchModel::gold(const BatchEvent::Sample& sample) const {
    return table_ && sample.sample < table_->size() ? table_->gold[sample.sample] : -1;
}

const std::vector<std::string>& BatchModel::classes() const {
    static const std::vector<std::string> none;
    return table_ ? table_->set.data->classes() : none;
}

QString BatchModel::reason(int row) const {
    const auto& s = sample(row);
    return verdictReason(*batch_, s, classes(), gold(s));
}

int BatchModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(places_.size());
}

int BatchModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : Columns;
}

QString BatchModel::className(std::int32_t label) const {
    const auto k = static_cast<std::size_t>(label);
    return label >= 0 && k < classes().size() ? toQString(classes()[k]) : QStringLiteral("–");
}

QVariant BatchModel::right(const BatchEvent::Sample& s, std::int32_t label) const {
    const int known = gold(s);
    return known < 0 || label < 0 ? QVariant() : QVariant(known == label ? 1 : 0);
}

QVariant BatchModel::display(int row, int column) const {
    const auto& s = sample(row);
    const bool asked = s.studentLabel >= 0;
    const QString none = QStringLiteral("–");
    switch (column) {
    case Mark:
        return s.verdict == Verdict::Kept ? tr("kept") : tr("refused");
    case Text:
        return text(row);
    case Gold:
        return className(gold(s));
    case Teacher:
        return className(s.label);
    case Student:
        return className(s.studentLabel);
    case Uncertainty:
        return asked ? fixed(s.uncertainty, 2) : none;
    case Decision:
        return toQString(verdictWords(s.verdict));
    case Weight:
        return s.verdict == Verdict::Kept ? fixed(s.weight, 2) : none;
    case Loss:
        return asked ? fixed(s.loss, 2) : none;
    default:
        return {};
    }
}

QVariant BatchModel::note(const BatchEvent::Sample& s, int column) const {
    switch (column) {
    case Teacher:
        return fixed(s.confidence, 2);
    case Student:
        return s.studentLabel >= 0 ? fixed(s.studentConfidence, 2) : QString();
    case Decision: {
        const QString figures = verdictFigures(*batch_, s);
        return figures.isEmpty() ? verdictReason(*batch_, s, classes(), gold(s)) : figures;
    }
    default:
        return {};
    }
}

QVariant BatchModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !batch_)
        return {};
    const auto& s = sample(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return display(index.row(), column);
    case Qt::ToolTipRole:
        return column == Text       ? text(index.row())
               : column == Decision ? reason(index.row())
                                    : display(index.row(), column);
    case Qt::AccessibleTextRole: {
        const auto second = column == Decision ? reason(index.row()) : note(s, column).toString();
        const QString first = display(index.row(), column).toString();
        return second.isEmpty()     ? first
               : column == Decision ? first + QStringLiteral(": ") + second
                                    : first + u' ' + second;
    }
    case Kept:
        return s.verdict == Verdict::Kept;
    case Note:
        return note(s, column);
    case Share:
        if (column == Teacher)
            return s.confidence;
        return column == Uncertainty && s.studentLabel >= 0 ? QVariant(s.uncertainty) : QVariant();
    case Bar: {
        const SampleBars bars = barsOf(*batch_, s);
        const auto& bar = column == Teacher ? bars.teacher : bars.student;
        return (column == Teacher || column == Uncertainty) && bar ? QVariant(*bar) : QVariant();
    }
    case Right:
        return column == Teacher   ? right(s, s.label)
               : column == Student ? right(s, s.studentLabel)
                                   : QVariant();
    default:
        return {};
    }
}

QVariant BatchModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::ToolTipRole)
        switch (section) {
        case Teacher:
            return tr(
                "The teacher's label, which is learned, and its confidence against the bar of the class");
        case Student:
            return tr("What the student would say, and with which probability");
        case Uncertainty:
            return tr("The student's uncertainty against the bar of the class");
        case Weight:
            return tr("How much it counts in the loss, 1 on average");
        case Loss:
            return tr("Cross-entropy of the student against the teacher's label, before it learned");
        default:
            return {};
        }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Text:
        return tr("text");
    case Gold:
        return tr("gold");
    case Teacher:
        return tr("teacher");
    case Student:
        return tr("student");
    case Uncertainty:
        return tr("uncertainty");
    case Decision:
        return tr("decision");
    case Weight:
        return tr("weight");
    case Loss:
        return tr("loss");
    default:
        return QString();
    }
}

} // namespace stillroom
