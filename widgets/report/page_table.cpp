// Tables of the page: columns as wide as what stands in them wants, rows that are not cut, the head again on
// every page.
#include "widgets/report/page_measures.h"
#include "widgets/report/page_pieces.h"
#include "widgets/report/page_text.h"
#include "widgets/report/paper.h"

#include <QFontMetricsF>
#include <algorithm>
#include <array>
#include <numeric>

namespace stillroom {

namespace {

using page::points;

constexpr double Gap = points(9);     ///< between columns
constexpr double Above = points(2);   ///< of a cell's text, and below it
constexpr double LowRow = points(36); ///< three lines: what is higher may stand alone on a page
constexpr std::array SmallerFonts{1.0, 0.9, 0.8, 0.7};

struct Cell {
    std::shared_ptr<PageText> text;
    bool right = false;
    int shade = -1;
};

struct Row {
    std::vector<Cell> cells;
    bool head = false;
};

/// From white to dark, as the style sheet's.
QColor shadeColour(int shade) {
    static constexpr std::array<QRgb, 6> colours = {0xffffff, 0xe1edf5, 0xb9d6e8,
                                                    0x7fb3d5, 0x2f76a8, 0x0f5c8c};
    return QColor(colours.at(static_cast<std::size_t>(std::clamp(shade, 0, 5))));
}

int shadeOf(const HtmlNode& node) {
    for (int shade = 0; shade < 6; ++shade)
        if (node.hasClass(qPrintable(QStringLiteral("shade-%1").arg(shade))))
            return shade;
    return -1;
}

std::vector<Row> rowsOf(const HtmlNode& table, double size) {
    std::vector<Row> rows;
    for (const auto& group : table.children) {
        if (!group.is("thead") && !group.is("tbody"))
            continue;
        for (const auto& line : group.children) {
            if (!line.is("tr"))
                continue;
            Row row;
            row.head = group.is("thead");
            for (const auto& node : line.children) {
                if (!node.is("td") && !node.is("th"))
                    continue;
                Cell cell;
                cell.right = node.hasClass("n");
                cell.shade = shadeOf(node);
                TextStyle style;
                style.face = paper::Face::Sans;
                style.size = size;
                style.lineHeight = 1.26;
                style.bold = row.head;
                style.together = cell.right && !row.head;
                style.alignment = cell.right ? Qt::AlignRight : Qt::AlignLeft;
                style.colour = cell.shade >= 4 ? QColor(Qt::white) : paper::Ink;
                cell.text = std::make_shared<PageText>(node, style);
                row.cells.push_back(std::move(cell));
            }
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

struct Widths {
    std::vector<double> columns;
    bool fit = true; ///< no word is cut
};

bool isOfNumbers(const std::vector<Row>& rows, std::size_t column) {
    return std::all_of(rows.begin(), rows.end(), [&](const Row& row) {
        return row.head || column >= row.cells.size() || row.cells[column].right;
    });
}

Widths widthsOf(const std::vector<Row>& rows) {
    std::vector<double> least, whole;
    for (const auto& row : rows)
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            if (i == least.size()) {
                least.push_back(0);
                whole.push_back(0);
            }
            least[i] = std::max(least[i], row.cells[i].text->leastWidth());
            whole[i] = std::max(whole[i], row.cells[i].text->wholeWidth());
        }
    const double room = page::Width - Gap * static_cast<double>(std::max<std::size_t>(1, least.size()) - 1);
    const double leastSum = std::accumulate(least.begin(), least.end(), 0.0);
    const double wholeSum = std::accumulate(whole.begin(), whole.end(), 0.0);
    if (wholeSum <= room)
        return {whole, true};
    if (leastSum > room) { // words are cut, but no number while there is another column
        double numbers = 0;
        for (std::size_t i = 0; i < least.size(); ++i)
            numbers += isOfNumbers(rows, i) ? least[i] : 0;
        const bool allAlike = numbers == 0 || numbers > room / 2;
        const double less = allAlike ? room / leastSum : (room - numbers) / (leastSum - numbers);
        for (std::size_t i = 0; i < least.size(); ++i)
            if (allAlike || !isOfNumbers(rows, i))
                least[i] *= less;
        return {least, false};
    }
    double wish = 0;
    for (std::size_t i = 0; i < least.size(); ++i)
        wish += std::max(0.0, whole[i] - least[i]);
    for (std::size_t i = 0; i < least.size() && wish > 0; ++i)
        least[i] += (room - leastSum) * std::max(0.0, whole[i] - least[i]) / wish;
    return {least, true};
}

void line(QPainter& painter, const QPointF& at, double width, double thickness) {
    painter.fillRect(QRectF(at.x(), at.y(), width, thickness), paper::Ink);
}

PagePiece pieceOf(const Row& row, const std::vector<double>& columns, bool first, bool last) {
    double height = 0, width = 0;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        row.cells[i].text->layOut(columns[i]);
        height = std::max(height, row.cells[i].text->height());
    }
    for (const double column : columns)
        width += column + Gap;
    width -= Gap;
    PagePiece piece;
    piece.height = height + 2 * Above;
    piece.paint = [row, columns, first, last, width, whole = piece.height](QPainter& painter,
                                                                           const QPointF& at) {
        double x = at.x();
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            const Cell& cell = row.cells[i];
            if (cell.shade > 0)
                painter.fillRect(QRectF(x - Gap / 2, at.y(), columns[i] + Gap, whole),
                                 shadeColour(cell.shade));
            cell.text->paint(painter, {x, at.y() + Above});
            x += columns[i] + Gap;
        }
        if (first)
            line(painter, at, width, points(0.9));
        if (row.head)
            line(painter, {at.x(), at.y() + whole}, width, points(0.5));
        if (last)
            line(painter, {at.x(), at.y() + whole}, width, points(0.9));
    };
    return piece;
}

} // namespace

void addTable(const HtmlNode& table, std::vector<PagePiece>& pieces) {
    std::vector<Row> rows;
    Widths widths;
    for (const double smaller : SmallerFonts) {
        rows = rowsOf(table, page::TableSize * smaller);
        widths = widthsOf(rows);
        if (widths.fit)
            break;
    }
    if (const HtmlNode* caption = table.child("caption")) {
        addText(*caption, captionStyle(), points(12), 0, true, pieces);
        pieces.push_back(spaceOf(points(4), true));
    }
    std::shared_ptr<const PagePiece> head;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool last = i + 1 == rows.size();
        PagePiece piece = pieceOf(rows[i], widths.columns, i == 0, last);
        // Neither the head nor the first or the last row stands alone, but a row of many lines may: kept
        // together, such rows would leave much of a page empty.
        const bool edge = !last && (i + 2 == rows.size() || (i > 0 && rows[i - 1].head));
        piece.withNext = rows[i].head || (edge && piece.height < LowRow);
        if (rows[i].head)
            head = std::make_shared<const PagePiece>(piece);
        else
            piece.head = head;
        pieces.push_back(std::move(piece));
    }
    pieces.push_back(spaceOf(points(8), false));
}

} // namespace stillroom
