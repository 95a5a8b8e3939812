#include "widgets/row_copy.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QTableView>
#include <algorithm>

namespace stillroom {

QString oneLine(QString text) {
    for (auto& c : text)
        if (c == u'\n' || c == u'\r' || c == u'\t' || c == QChar::LineSeparator ||
            c == QChar::ParagraphSeparator)
            c = u' ';
    return text;
}

QString asTip(const QString& text) {
    if (text.isEmpty())
        return {};
    return QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped().replace(u'\n', QStringLiteral("<br>")));
}

int copyRows(const QTableView& view) {
    auto rows = view.selectionModel()->selectedRows();
    if (rows.isEmpty())
        return 0;
    std::sort(rows.begin(), rows.end());
    QString text;
    for (const auto& row : rows) {
        QStringList cells;
        for (int visual = 0; visual < view.horizontalHeader()->count(); ++visual) {
            const int column = view.horizontalHeader()->logicalIndex(visual);
            if (!view.isColumnHidden(column))
                cells << oneLine(row.siblingAtColumn(column).data().toString());
        }
        text += cells.join(u'\t') + u'\n';
    }
    QApplication::clipboard()->setText(text);
    return static_cast<int>(rows.size());
}

} // namespace stillroom
