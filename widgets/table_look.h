// How a table of very many rows looks, that is sorted by a click on its header.
#pragma once

class QTableView;

namespace stillroom {

/// Header and rows without lines, chosen row by row. The table has its model and its font.
void makeLongTable(QTableView& table);
/// Rows as high as the table's font asks for; again when the font is another one.
void fitRowsToFont(QTableView& table);

} // namespace stillroom
