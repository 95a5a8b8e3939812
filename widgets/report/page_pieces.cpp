#include "widgets/report/page_pieces.h"

#include "widgets/report/figure_painter.h"
#include "widgets/report/math_box.h"
#include "widgets/report/page_measures.h"
#include "widgets/report/page_text.h"
#include "widgets/report/paper.h"

#include <algorithm>

namespace stillroom {

namespace {

using page::points;

TextStyle styleOf(const HtmlNode& node) {
    TextStyle style;
    style.size = page::TextSize;
    if (node.is("h1") || node.is("h2") || node.is("h3") || node.is("h4")) {
        style.face = paper::Face::Sans;
        style.bold = true;
        style.size = points(node.is("h1") ? 20 : node.is("h2") ? 13.5 : node.is("h3") ? 10.6 : 9.4);
        style.lineHeight = 1.22;
    } else if (node.is("pre")) {
        style.face = paper::Face::Mono;
        style.size = page::CodeSize;
        style.asItStands = true;
        style.lineHeight = 1.3;
    } else if (node.hasClass("note") || node.hasClass("byline")) {
        style.face = paper::Face::Sans;
        style.size = page::NoteSize;
        style.colour = paper::Muted;
    }
    return style;
}

double spaceBefore(const HtmlNode& node) {
    return points(node.is("h2") ? 22 : node.is("h3") ? 14 : node.is("h4") ? 10 : node.is("h1") ? 0 : 6);
}

/// A PDF's texts are drawn with the fonts of this machine, unlike those of an SVG.
std::shared_ptr<const ReportFigure> drawableFigure(ReportFigure figure) {
    const auto draw = [](std::string& text) {
        text = paper::drawable(QString::fromStdString(text), paper::Face::Sans).toStdString();
    };
    for (auto& panel : figure.panels) {
        for (auto& series : panel.series)
            draw(series.name);
        for (auto& mark : panel.marks)
            draw(mark.name);
    }
    return std::make_shared<const ReportFigure>(std::move(figure));
}

class Walker {
  public:
    Walker(std::span<const ReportFigure> figures, std::vector<PagePiece>& pieces)
        : figures_(figures), pieces_(pieces) {}

    /// `left`: how far everything in it is indented.
    void walk(const HtmlNode& node, double left) {
        if (node.name.isEmpty() || node.hasClass("screen") || node.is("head") || node.is("svg"))
            return;
        if (node.is("h1") || node.is("h2") || node.is("h3") || node.is("h4"))
            addText(node, styleOf(node), spaceBefore(node), left, true, pieces_);
        else if (node.is("p"))
            addText(node, styleOf(node), spaceBefore(node), left, node.hasClass("leads"), pieces_);
        else if (node.is("pre"))
            addText(node, styleOf(node), points(6), left + points(8), false, pieces_);
        else if (node.is("ul") || node.is("ol"))
            list(node, left);
        else if (node.is("math"))
            formula(node, left);
        else if (node.is("table"))
            addTable(node, pieces_);
        else if (node.is("figure"))
            figure(node);
        else
            for (const auto& child : node.children)
                walk(child, left + (node.is("aside") ? points(12) : 0));
    }

  private:
    void list(const HtmlNode& node, double left) {
        int number = 0;
        for (const auto& item : node.children)
            if (item.is("li")) {
                ++number;
                TextStyle style = styleOf(item);
                addText(item, style, points(3.5), left + points(14), false, pieces_,
                        node.is("ol") ? QStringLiteral("%1.").arg(number) : QStringLiteral("•"));
            }
    }

    void formula(const HtmlNode& node, double left) {
        MathBox box = layOutMath(node, page::MathSize);
        const double room = page::Width - left - points(18);
        if (box.width > room)
            box = layOutMath(node, page::MathSize * room / box.width);
        PagePiece piece;
        piece.height = box.height() + points(3);
        piece.before = points(7);
        piece.paint = [box, left](QPainter& painter, const QPointF& at) {
            paintMath(painter, box, {at.x() + left + points(18), at.y() + box.ascent});
        };
        pieces_.push_back(std::move(piece));
    }

    /// Picture, caption and the space below, which stay together.
    void figure(const HtmlNode& node) {
        const QString id = node.attributes.value(QStringLiteral("id"));
        const auto found = std::find_if(figures_.begin(), figures_.end(), [&](const ReportFigure& one) {
            return QString::fromStdString(one.id) == id;
        });
        const auto begin = pieces_.size();
        if (found != figures_.end()) {
            const double scale = points(1) / paper::UnitsPerPoint;
            PagePiece piece;
            piece.height = figureHeight(*found) * scale;
            piece.before = points(14);
            piece.withNext = true;
            piece.paint = [drawn = drawableFigure(*found), scale](QPainter& painter, const QPointF& at) {
                painter.save();
                painter.translate(at);
                painter.scale(scale, scale);
                paintFigure(painter, *drawn);
                painter.restore();
            };
            pieces_.push_back(std::move(piece));
        }
        if (const HtmlNode* caption = node.child("figcaption"))
            addText(*caption, captionStyle(), points(6), 0, true, pieces_);
        pieces_.push_back(spaceOf(points(6), false));
        pieces_[begin].floats = true;
    }

    std::span<const ReportFigure> figures_;
    std::vector<PagePiece>& pieces_;
};

} // namespace

TextStyle captionStyle() {
    TextStyle style;
    style.face = paper::Face::Sans;
    style.size = page::NoteSize;
    style.lineHeight = 1.3;
    return style;
}

void addText(const HtmlNode& node, const TextStyle& style, double before, double left, bool withNext,
             std::vector<PagePiece>& pieces, const QString& bullet) {
    auto text = std::make_shared<PageText>(node, style);
    if (text->empty())
        return;
    text->layOut(page::Width - left);
    const int lines = text->lines();
    for (int i = 0; i < lines; ++i) {
        PagePiece piece;
        piece.height = text->lineHeight();
        piece.before = i == 0 ? before : 0;
        piece.withNext = (i + 1 == lines && withNext) || (i + 1 < lines && (i == 0 || i + 2 == lines));
        if (withNext)
            piece.withNext = true;
        piece.paint = [text, i, left, style, bullet](QPainter& painter, const QPointF& at) {
            if (i == 0 && !bullet.isEmpty()) {
                painter.setFont(paper::font(style.face, style.size));
                painter.setPen(style.colour);
                const QFontMetricsF metrics(painter.font());
                painter.drawText(
                    QPointF(at.x() + left - points(12),
                            at.y() + (text->lineHeight() + metrics.ascent() - metrics.descent()) / 2),
                    bullet);
            }
            text->paintLine(painter, i, {at.x() + left, at.y()});
        };
        pieces.push_back(std::move(piece));
    }
}

std::vector<PagePiece> piecesOf(const HtmlNode& html, std::span<const ReportFigure> figures) {
    std::vector<PagePiece> pieces;
    if (const HtmlNode* body = html.child("body"))
        Walker(figures, pieces).walk(*body, 0);
    return pieces;
}

} // namespace stillroom
