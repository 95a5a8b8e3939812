// The page as pieces that are not cut: lines, figures, rows of tables. Private to widgets/report.
#pragma once

#include "core/output/report_figure.h"
#include "widgets/report/html_node.h"

#include <QPainter>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace stillroom {

struct TextStyle;

struct PagePiece {
    double height = 0;                                    ///< pixels
    double before = 0;                                    ///< space above it, unless a page begins with it
    bool withNext = false;                                ///< stays on one page with what follows
    std::function<void(QPainter&, const QPointF&)> paint; ///< with its upper left corner there; null: space
    std::shared_ptr<const PagePiece> head = {};           ///< comes again where a page begins with this piece
    /// It and what stays with it may stand at the head of the next page, after what follows it here.
    bool floats = false;
};

/// Room that nothing is drawn in; none where a page begins or ends.
[[nodiscard]] inline PagePiece spaceOf(double height, bool withNext) {
    PagePiece space;
    space.height = height;
    space.withNext = withNext;
    return space;
}

/// All of <body>, as wide as page::Width. `figures` are drawn where a <figure> has their id; they and the
/// tree outlive the pieces.
[[nodiscard]] std::vector<PagePiece> piecesOf(const HtmlNode& html, std::span<const ReportFigure> figures);

/// A <table> with its caption.
void addTable(const HtmlNode& table, std::vector<PagePiece>& pieces);
/// The lines of a paragraph, so that neither its first nor its last stands alone. `left`: its indent.
void addText(const HtmlNode& node, const TextStyle& style, double before, double left, bool withNext,
             std::vector<PagePiece>& pieces, const QString& bullet = {});
/// How a caption is written.
[[nodiscard]] TextStyle captionStyle();

} // namespace stillroom
