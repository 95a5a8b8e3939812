#include "widgets/report/math_box.h"

#include "widgets/report/paper.h"

#include <QFontMetricsF>
#include <QStringList>
#include <algorithm>

namespace stillroom {

namespace {

constexpr double ScriptScale = 0.72;

QFont mathFont(double size, bool italic) {
    return paper::font(paper::Face::Serif, size, false, italic);
}

MathBox glyphs(const QString& text, const QFont& font) {
    const QFontMetricsF metrics(font);
    MathBox box;
    box.width = metrics.horizontalAdvance(text);
    const QRectF ink = metrics.tightBoundingRect(text);
    box.ascent = std::max(-ink.top(), metrics.xHeight());
    box.descent = std::max(ink.bottom(), 0.0);
    box.glyphs.push_back({{0, 0}, text, font});
    return box;
}

MathBox space(double width) {
    MathBox box;
    box.width = width;
    return box;
}

/// What is left and right of an operator, in em.
std::pair<double, double> spacesOf(const QString& operation) {
    static const QStringList relations{"=", "≥", "≤", ">", "<", "←", "∈", "≠", "≈", "∝", ":="};
    static const QStringList binary{"+", "−", "·", "∧", "∨", "×", "/"};
    if (relations.contains(operation))
        return {0.28, 0.28};
    if (binary.contains(operation))
        return operation == QLatin1String("·") || operation == QLatin1String("/") ? std::pair(0.12, 0.12)
                                                                                  : std::pair(0.22, 0.22);
    if (operation == QLatin1String(",") || operation == QLatin1String(";"))
        return {0, 0.22};
    return {0, 0};
}

bool isFence(const HtmlNode& node) {
    static const QStringList fences{"(", ")", "[", "]", "{", "}"};
    return node.is("mo") && fences.contains(node.allText().trimmed());
}

/// Elements only: between them there are line breaks of the file.
std::vector<const HtmlNode*> elements(const HtmlNode& node) {
    std::vector<const HtmlNode*> all;
    for (const auto& child : node.children)
        if (!child.name.isEmpty())
            all.push_back(&child);
    return all;
}

/// A single letter, with an accent or without, is a variable; more are a name.
bool isLetter(const QString& text) {
    return text.size() == 1 || (text.size() == 2 && text[1].category() == QChar::Mark_NonSpacing);
}

MathBox token(const HtmlNode& node, double size) {
    const QString text = node.is("mtext") ? node.allText() : node.allText().trimmed();
    if (node.is("mi"))
        return glyphs(text, mathFont(size, isLetter(text)));
    if (!node.is("mo"))
        return glyphs(text, mathFont(size, false));
    const auto [before, after] = spacesOf(text);
    MathBox box = space(before * size);
    box.append(glyphs(text, mathFont(size, false)));
    box.append(space(after * size));
    return box;
}

/// A fence as high as what it stands beside.
MathBox fence(const QString& text, double size, double height) {
    const MathBox plain = glyphs(text, mathFont(size, false));
    if (height < 1.6 * plain.height())
        return plain;
    const double larger = size * std::min(3.0, height / plain.height());
    const MathBox high = glyphs(text, mathFont(larger, false));
    // Around the same middle as the rest, which is a little above the baseline.
    MathBox box;
    const double shift = (high.ascent - high.descent) / 2 - 0.28 * size;
    box.add(high, {0, shift});
    box.width = high.width;
    return box;
}

/// Of what stands between a fence and the one that belongs to it.
double heightWithin(const std::vector<const HtmlNode*>& nodes, std::size_t fenceAt, double size) {
    static const QString opening = QStringLiteral("([{");
    const bool opens = opening.contains(nodes[fenceAt]->allText().trimmed());
    int depth = 0;
    double height = 0;
    for (auto i = static_cast<std::ptrdiff_t>(fenceAt); i >= 0 && i < std::ssize(nodes);
         i += opens ? 1 : -1) {
        const HtmlNode& node = *nodes[static_cast<std::size_t>(i)];
        if (!isFence(node)) {
            height = std::max(height, layOutMath(node, size).height());
            continue;
        }
        depth += opening.contains(node.allText().trimmed()) == opens ? 1 : -1;
        if (depth == 0)
            break;
    }
    return height;
}

MathBox row(const std::vector<const HtmlNode*>& nodes, double size) {
    MathBox box;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        box.append(isFence(*nodes[i])
                       ? fence(nodes[i]->allText().trimmed(), size, heightWithin(nodes, i, size))
                       : layOutMath(*nodes[i], size));
    return box;
}

/// `lower` and `upper` may be null.
MathBox scripts(const HtmlNode& base, const HtmlNode* lower, const HtmlNode* upper, double size) {
    MathBox box = layOutMath(base, size);
    const double from = box.width + 0.04 * size;
    double width = box.width;
    if (lower != nullptr) {
        const MathBox script = layOutMath(*lower, ScriptScale * size);
        box.add(script, {from, std::max(0.2 * size, box.descent + 0.35 * script.ascent)});
        width = std::max(width, from + script.width);
    }
    if (upper != nullptr) {
        const MathBox script = layOutMath(*upper, ScriptScale * size);
        box.add(script, {from, -std::max(0.42 * size, box.ascent - 0.45 * script.ascent)});
        width = std::max(width, from + script.width);
    }
    box.width = width;
    return box;
}

/// One above the other, centred.
MathBox stacked(const HtmlNode& base, const HtmlNode& other, bool under, double size) {
    const MathBox middle = layOutMath(base, size), script = layOutMath(other, ScriptScale * size);
    MathBox box;
    const double width = std::max(middle.width, script.width), gap = 0.1 * size;
    box.add(middle, {(width - middle.width) / 2, 0});
    box.add(script, {(width - script.width) / 2,
                     under ? middle.descent + gap + script.ascent : -(middle.ascent + gap + script.descent)});
    box.width = width;
    return box;
}

MathBox fraction(const HtmlNode& upper, const HtmlNode& lower, double size) {
    const double small = 0.94 * size, axis = 0.27 * size, gap = 0.14 * size, line = 0.05 * size;
    const MathBox top = layOutMath(upper, small), bottom = layOutMath(lower, small);
    const double inner = std::max(top.width, bottom.width), width = inner + 0.3 * size;
    MathBox box;
    box.add(top, {(width - top.width) / 2, -axis - gap - top.descent});
    box.add(bottom, {(width - bottom.width) / 2, -axis + gap + line + bottom.ascent});
    box.bars.push_back(QRectF(0.08 * size, -axis, width - 0.16 * size, line));
    box.width = width;
    return box;
}

/// Columns to the right and to the left by turns, as equations stand.
MathBox table(const HtmlNode& node, double size) {
    std::vector<std::vector<MathBox>> rows;
    std::vector<double> widths;
    for (const auto* line : elements(node)) {
        std::vector<MathBox> cells;
        for (const auto* cell : elements(*line)) {
            cells.push_back(row(elements(*cell), size));
            widths.resize(std::max(widths.size(), cells.size()), 0);
            widths[cells.size() - 1] = std::max(widths[cells.size() - 1], cells.back().width);
        }
        rows.push_back(std::move(cells));
    }
    const double between = 0.55 * size;
    MathBox box;
    double y = 0;
    for (const auto& cells : rows) {
        double ascent = 0, descent = 0, x = 0;
        for (const auto& cell : cells) {
            ascent = std::max(ascent, cell.ascent);
            descent = std::max(descent, cell.descent);
        }
        y += ascent + (y > 0 ? between : 0);
        for (std::size_t i = 0; i < cells.size(); ++i) {
            box.add(cells[i], {x + (i % 2 == 0 ? widths[i] - cells[i].width : 0), y});
            x += widths[i] + (i % 2 == 0 ? 0 : size);
        }
        box.width = std::max(box.width, x);
        y += descent;
    }
    return box;
}

} // namespace

void MathBox::append(const MathBox& box) {
    const double from = width;
    add(box, {from, 0});
    width = from + box.width;
}

void MathBox::add(const MathBox& box, const QPointF& at) {
    for (const auto& one : box.glyphs)
        glyphs.push_back({one.at + at, one.text, one.font});
    for (const auto& bar : box.bars)
        bars.push_back(bar.translated(at));
    ascent = std::max(ascent, box.ascent - at.y());
    descent = std::max(descent, box.descent + at.y());
}

MathBox layOutMath(const HtmlNode& node, double size) {
    if (node.is("mi") || node.is("mn") || node.is("mo") || node.is("mtext"))
        return token(node, size);
    const auto parts = elements(node);
    if (node.is("mspace")) {
        QString width = node.attributes.value(QStringLiteral("width"));
        width.remove(QStringLiteral("em"));
        return space(width.toDouble() * size);
    }
    if (node.is("mtable"))
        return table(node, size);
    if (node.is("msub") && parts.size() == 2)
        return scripts(*parts[0], parts[1], nullptr, size);
    if (node.is("msup") && parts.size() == 2)
        return scripts(*parts[0], nullptr, parts[1], size);
    if (node.is("msubsup") && parts.size() == 3)
        return scripts(*parts[0], parts[1], parts[2], size);
    if ((node.is("munder") || node.is("mover")) && parts.size() == 2)
        return stacked(*parts[0], *parts[1], node.is("munder"), size);
    if (node.is("mfrac") && parts.size() == 2)
        return fraction(*parts[0], *parts[1], size);
    return row(parts, size);
}

void paintMath(QPainter& painter, const MathBox& box, const QPointF& at) {
    painter.setPen(paper::Ink);
    for (const auto& one : box.glyphs) {
        painter.setFont(one.font);
        painter.drawText(at + one.at, one.text);
    }
    for (const auto& bar : box.bars)
        painter.fillRect(bar.translated(at), paper::Ink);
}

} // namespace stillroom
