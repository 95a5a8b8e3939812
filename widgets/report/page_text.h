// A paragraph of the page with what is bold, italic, code or small in it, laid out in lines. Private to
// widgets/report.
#pragma once

#include "widgets/report/html_node.h"
#include "widgets/report/paper.h"

#include <QColor>
#include <QTextLayout>
#include <QTextOption>
#include <memory>
#include <vector>

namespace stillroom {

struct TextStyle {
    paper::Face face = paper::Face::Serif;
    double size = 0; ///< of the font, in pixels
    bool bold = false, italic = false;
    QColor colour = paper::Ink;
    double lineHeight = 1.34; ///< of the size
    Qt::Alignment alignment = Qt::AlignLeft;
    bool asItStands = false; ///< spaces and line breaks are kept
    bool together = false;   ///< "67.33 ± 0.15" stays on one line
};

/// Lines below each other. What is laid out stays as long as this.
class PageText {
  public:
    /// What the children of `node` say. `before`: put in front.
    PageText(const HtmlNode& node, const TextStyle& style, const QString& before = {});

    /// In so many pixels of width. Again as often as is wanted.
    void layOut(double width);
    [[nodiscard]] int lines() const { return static_cast<int>(tops_.size()); }
    [[nodiscard]] double lineHeight() const { return lineHeight_; }
    [[nodiscard]] double height() const { return lineHeight_ * lines(); }
    [[nodiscard]] bool empty() const { return layout_->text().isEmpty(); }
    /// Of its longest word, and of all of it on one line. They lay it out anew.
    [[nodiscard]] double leastWidth();
    [[nodiscard]] double wholeWidth();
    /// One line with its upper left corner at `at`; all of them.
    void paintLine(QPainter& painter, int line, const QPointF& at) const;
    void paint(QPainter& painter, const QPointF& at) const;

  private:
    void setWrapping(QTextOption::WrapMode mode);
    [[nodiscard]] double widestLine() const;

    QTextOption::WrapMode wrapping_; ///< none within what stays together
    std::unique_ptr<QTextLayout> layout_;
    std::vector<double> tops_;
    double lineHeight_ = 0;
    QColor colour_;
    QFont font_;
};

} // namespace stillroom
