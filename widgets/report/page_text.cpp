#include "widgets/report/page_text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>

namespace stillroom {

namespace {

/// Text and formats of a paragraph, as they are found in the tree.
class Gatherer {
  public:
    explicit Gatherer(const TextStyle& style) : asItStands_(style.asItStands) {}

    void gather(const HtmlNode& node, TextStyle style,
                QTextCharFormat::VerticalAlignment place = QTextCharFormat::AlignNormal) {
        if (node.name.isEmpty()) {
            add(node.text, style, place);
            return;
        }
        if (node.is("br"))
            return add(QString(QChar::LineSeparator), style, place, true);
        if (node.hasClass("screen"))
            return;
        if (node.is("b") || node.is("strong"))
            style.bold = true;
        else if (node.is("i") || node.is("em"))
            style.italic = true;
        else if (node.is("code")) {
            style.face = paper::Face::Mono;
            style.size *= 0.88;
        } else if (node.is("a"))
            style.colour = paper::Accent;
        else if (node.is("sub"))
            place = QTextCharFormat::AlignSubScript;
        else if (node.is("sup"))
            place = QTextCharFormat::AlignSuperScript;
        else if (node.is("math"))
            return gatherMath(node, style, place);
        for (const auto& child : node.children)
            gather(child, style, place);
    }

    QString text;
    QList<QTextLayout::FormatRange> formats;

    void add(const QString& said, const TextStyle& style, QTextCharFormat::VerticalAlignment place,
             bool exact = false) {
        const QString more = paper::drawable(said, style.face);
        const auto begin = text.size();
        if (asItStands_ || exact)
            text += more;
        else
            for (const QChar c : more)
                if (!isSpace(c))
                    text += c;
                else if (!text.isEmpty() && !isSpace(text.back()) && text.back() != QChar::LineSeparator)
                    text += u' ';
        if (text.size() == begin)
            return;
        QTextLayout::FormatRange range;
        range.start = static_cast<int>(begin);
        range.length = static_cast<int>(text.size() - begin);
        range.format.setFont(paper::font(style.face, style.size, style.bold, style.italic));
        range.format.setForeground(style.colour);
        range.format.setVerticalAlignment(place);
        formats.append(range);
    }

  private:
    /// No-break spaces stay what they are.
    static bool isSpace(QChar c) { return c == u' ' || c == u'\n' || c == u'\t' || c == u'\r'; }

    /// Within a line: letters in italics, scripts small, no fractions.
    void gatherMath(const HtmlNode& node, TextStyle style, QTextCharFormat::VerticalAlignment place) {
        if (node.name.isEmpty())
            return;
        if (node.is("mi") || node.is("mn") || node.is("mo") || node.is("mtext")) {
            const QString content = node.allText().trimmed();
            style.face = paper::Face::Serif;
            style.italic = node.is("mi") && content.size() == 1;
            static const QString spaced = QStringLiteral("=≥≤><∧+−∈←");
            const bool wide = node.is("mo") && content.size() == 1 && spaced.contains(content);
            return add(wide ? QChar(QChar::Nbsp) + content + QChar(QChar::Nbsp) : content, style, place);
        }
        int number = 0;
        for (const auto& child : node.children) {
            if (child.name.isEmpty())
                continue;
            const bool second = number == 1, third = number == 2;
            ++number;
            auto where = place;
            if ((node.is("msub") || node.is("munder") || node.is("msubsup")) && second)
                where = QTextCharFormat::AlignSubScript;
            else if ((node.is("msup") && second) || (node.is("msubsup") && third))
                where = QTextCharFormat::AlignSuperScript;
            gatherMath(child, style, where);
        }
    }

    bool asItStands_;
};

} // namespace

PageText::PageText(const HtmlNode& node, const TextStyle& style, const QString& before)
    : wrapping_(style.together ? QTextOption::ManualWrap : QTextOption::WrapAtWordBoundaryOrAnywhere),
      lineHeight_(style.lineHeight * style.size), colour_(style.colour),
      font_(paper::font(style.face, style.size, style.bold, style.italic)) {
    Gatherer gatherer(style);
    if (!before.isEmpty())
        gatherer.add(before, style, QTextCharFormat::AlignNormal, true);
    for (const auto& child : node.children)
        gatherer.gather(child, style);
    QString text = gatherer.text;
    if (style.asItStands) {
        while (text.endsWith(u'\n'))
            text.chop(1);
        text.replace(u'\n', QChar::LineSeparator);
        text.remove(u'\r');
    } else {
        // A line break at the end breaks nothing, as in a browser.
        while (text.endsWith(u' ') || text.endsWith(QChar::LineSeparator))
            text.chop(1);
    }
    QList<QTextLayout::FormatRange> formats;
    for (auto range : gatherer.formats) {
        range.length = std::min(range.length, static_cast<int>(text.size()) - range.start);
        if (range.length > 0)
            formats.append(range);
    }
    layout_ = std::make_unique<QTextLayout>(text, font_);
    layout_->setTextOption(QTextOption(style.alignment));
    setWrapping(wrapping_);
    layout_->setFormats(formats);
    layout_->setCacheEnabled(true);
}

void PageText::layOut(double width) {
    tops_.clear();
    layout_->beginLayout();
    for (QTextLine line = layout_->createLine(); line.isValid(); line = layout_->createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, 0});
        tops_.push_back(line.ascent());
    }
    layout_->endLayout();
}

void PageText::setWrapping(QTextOption::WrapMode mode) {
    QTextOption option = layout_->textOption();
    option.setWrapMode(mode);
    layout_->setTextOption(option);
}

double PageText::widestLine() const {
    double widest = 0;
    for (int i = 0; i < lines(); ++i)
        widest = std::max(widest, layout_->lineAt(i).naturalTextWidth());
    return widest + 1; // of so many dots an inch: nothing is to be wrapped by rounding
}

double PageText::leastWidth() {
    if (wrapping_ == QTextOption::ManualWrap) // Qt would break a line within "0.985"
        return wholeWidth();
    // Laid out, not measured word by word: code and bold are wider than the paragraph's own font.
    setWrapping(QTextOption::WordWrap);
    layOut(1);
    const double widest = widestLine();
    setWrapping(wrapping_);
    return widest;
}

double PageText::wholeWidth() {
    layOut(1e7);
    return widestLine();
}

void PageText::paintLine(QPainter& painter, int line, const QPointF& at) const {
    const QTextLine one = layout_->lineAt(line);
    painter.setPen(colour_);
    // Baselines are as far apart as the style says, whatever stands in a line.
    const QFontMetricsF metrics(font_);
    const double baseline = (lineHeight_ + metrics.ascent() - metrics.descent()) / 2;
    one.draw(&painter, {at.x(), at.y() + baseline - tops_[static_cast<std::size_t>(line)]});
}

void PageText::paint(QPainter& painter, const QPointF& at) const {
    for (int i = 0; i < lines(); ++i)
        paintLine(painter, i, {at.x(), at.y() + i * lineHeight_});
}

} // namespace stillroom
