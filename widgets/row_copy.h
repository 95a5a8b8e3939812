// Rows of a table leave it as text with tabs.
#pragma once

#include <QString>

class QTableView;

namespace stillroom {

/// One line for a cell: tabs and line breaks are spaces.
[[nodiscard]] QString oneLine(QString text);
/// A tip that shows a text as it is: what looks like markup in it is neither obeyed nor shown as entities.
[[nodiscard]] QString asTip(const QString& text);
/// The selected rows, visible columns, in the order in which they are seen, onto the clipboard. Returns how
/// many. For what is small enough to be gathered at once.
int copyRows(const QTableView& view);

} // namespace stillroom
