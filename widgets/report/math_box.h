// A formula laid out: the part of MathML that the report's templates use, for a PDF. (Browsers set the same
// MathML themselves.)
#pragma once

#include "widgets/report/html_node.h"

#include <QFont>
#include <QPainter>
#include <vector>

namespace stillroom {

/// Around a baseline at y = 0.
struct MathBox {
    struct Glyphs {
        QPointF at; ///< where their baseline begins
        QString text;
        QFont font;
    };
    double width = 0, ascent = 0, descent = 0;
    std::vector<Glyphs> glyphs;
    std::vector<QRectF> bars; ///< of fractions

    [[nodiscard]] double height() const { return ascent + descent; }
    /// Beside what is there, or anywhere.
    void append(const MathBox& box);
    void add(const MathBox& box, const QPointF& at);
};

/// Of math, mrow, mi, mn, mo, mtext, mspace, msub, msup, msubsup, munder, mover, mfrac, mtable with mtr and
/// mtd; what is inside any other element is set in a row. `size`: of the font, in pixels.
[[nodiscard]] MathBox layOutMath(const HtmlNode& node, double size);
void paintMath(QPainter& painter, const MathBox& box, const QPointF& at);

} // namespace stillroom
