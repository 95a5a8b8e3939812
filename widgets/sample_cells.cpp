#include "widgets/sample_cells.h"

#include "core/lab/biography.h"
#include "widgets/row_copy.h"
#include "widgets/text.h"

#include <QCoreApplication>
#include <algorithm>

namespace stillroom {
namespace {

const QString None = QStringLiteral("–");

QString tr(const char* text) {
    return QCoreApplication::translate("stillroom::SampleCells", text);
}

/// At most so many bytes, and no letter in halves.
std::string_view cut(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes)
        return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U)
        --bytes;
    return text.substr(0, bytes);
}

QString epochOrNone(int epoch) {
    return epoch > 0 ? QString::number(epoch) : None;
}

} // namespace

QString SampleCells::title(Column column) {
    switch (column) {
    case Number:
        return tr("#");
    case Id:
        return tr("id");
    case Text:
        return tr("text");
    case Gold:
        return tr("gold");
    case Teacher:
        return tr("teacher");
    case Confidence:
        return tr("confidence");
    case Student:
        return tr("student");
    case Uncertainty:
        return tr("uncertainty");
    case KeptTimes:
        return tr("kept");
    case FirstKept:
        return tr("first");
    case LastKept:
        return tr("last");
    case VerdictNow:
        return tr("verdict");
    case ColumnCount:
        break;
    }
    return {};
}

bool SampleCells::isNumber(Column column) {
    return column == Number || column == Confidence || column == Uncertainty || column == KeptTimes ||
           column == FirstKept || column == LastKept;
}

QString SampleCells::className(int label) const {
    const auto& classes = table->set.data->classes();
    return label >= 0 && label < static_cast<int>(classes.size())
               ? toQString(classes[static_cast<std::size_t>(label)])
               : None;
}

SampleTrace SampleCells::trace(std::uint32_t sample) const {
    return snapshot && snapshot->traces().size() == table->size() ? snapshot->traces()[sample]
                                                                  : SampleTrace();
}

QString SampleCells::text(std::uint32_t sample) const {
    return toQString(table->set.data->text(table->rows[sample]));
}

QString SampleCells::cell(std::uint32_t sample, Column column) const {
    switch (column) {
    case Number:
        return grouped(static_cast<std::int64_t>(sample) + 1);
    case Id:
        return oneLine(toQString(cut(table->set.data->id(table->rows[sample]), 200)));
    case Text:
        return oneLine(toQString(cut(table->set.data->text(table->rows[sample]), 4 * TextShown)))
            .left(TextShown);
    case Gold:
        return className(table->gold[sample]);
    case Teacher:
        return className(table->labels[sample]);
    case Confidence:
        return fixed(table->confidences[sample], 3);
    case Student:
        return className(trace(sample).studentLabel());
    case Uncertainty: {
        const SampleTrace seen = trace(sample);
        return seen.scored() ? fixed(seen.uncertainty(), 3) : None;
    }
    case KeptTimes:
        return history ? QString::number(history->keptTimes(sample)) : None;
    case FirstKept:
        return history ? epochOrNone(history->firstKept(sample)) : None;
    case LastKept:
        return history ? epochOrNone(history->lastKept(sample)) : None;
    case VerdictNow:
        return snapshot ? toQString(verdictWords(trace(sample).verdict())) : None;
    case ColumnCount:
        break;
    }
    return {};
}

QString SampleCells::line(std::uint32_t sample) const {
    QStringList cells;
    for (int column = 0; column < ColumnCount; ++column) {
        if (column == Text)
            cells << oneLine(text(sample));
        else if (column == Number)
            cells << QString::number(sample + 1);
        else
            cells << cell(sample, static_cast<Column>(column));
    }
    return cells.join(u'\t');
}

} // namespace stillroom
