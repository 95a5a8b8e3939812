#include "widgets/figure.h"

namespace stillroom {
namespace {

/// So that no spreadsheet runs it: names of classes are other people's.
QString harmless(const QString& text) {
    bool number = false;
    text.toDouble(&number);
    if (text.isEmpty() || number || !QStringLiteral("=+-@\t\r").contains(text[0]))
        return text;
    return u'\'' + text;
}

QString csvCell(const QString& text) {
    QString cell = harmless(text);
    if (cell.contains(u'"') || cell.contains(u',') || cell.contains(u'\n') || cell.contains(u'\r'))
        cell = u'"' + cell.replace(u'"', QStringLiteral("\"\"")) + u'"';
    return cell;
}

} // namespace

/// For a clipboard: whatever is in a cell, a row is a line and a cell is one.
QString PlotTable::text(QChar separator) const {
    const auto line = [separator](const QStringList& cells) {
        QStringList safe;
        for (const auto& cell : cells)
            safe << harmless(cell).replace(separator, u' ').replace(u'\n', u' ').replace(u'\r', u' ');
        return safe.join(separator) + u'\n';
    };
    QString text = line(columns);
    for (const auto& row : rows)
        text += line(row);
    return text;
}

QByteArray PlotTable::csv() const {
    const auto line = [](const QStringList& cells) {
        QStringList safe;
        for (const auto& cell : cells)
            safe << csvCell(cell);
        return safe.join(u',') + QStringLiteral("\r\n");
    };
    QString text = line(columns);
    for (const auto& row : rows)
        text += line(row);
    return text.toUtf8();
}

} // namespace stillroom
