// A plot on paper: the window's canvas, dressed for a size and in light colours while it is drawn, and
// dressed back.
#include "widgets/plot.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace stillroom {
namespace {

// Pixels at a desk.
constexpr int Edge = 4;            // around everything
constexpr int LeastAxes = 190;     // height of a canvas without its keys
constexpr int LeastRight = 24;     // half of the last number under the axis
constexpr double MostRight = 0.36; // of the width: for words beside the ends of curves
constexpr int TickEvery = 64;      // across
constexpr int TitleFlags = static_cast<int>(Qt::AlignLeft) | static_cast<int>(Qt::AlignTop) |
                           static_cast<int>(Qt::TextWordWrap) | static_cast<int>(Qt::TextWrapAnywhere);

double titleHeight(const QString& title, double width) {
    const QFontMetricsF metrics(textFont(TextSize::Title));
    return metrics.boundingRect(QRectF(0, 0, width - 2 * Edge, 10'000), TitleFlags, title).height() + 6;
}

/// In as many lines as `width` asks for.
QString brokenLines(const QString& text, const QFont& font, double width) {
    const QFontMetricsF metrics(font);
    QStringList lines;
    for (const QString& word : text.split(u' ')) {
        const QString longer = lines.isEmpty() ? word : lines.back() + u' ' + word;
        if (lines.isEmpty())
            lines << word;
        else if (metrics.horizontalAdvance(longer) <= width)
            lines.back() = longer;
        else
            lines << word;
    }
    return lines.join(u'\n');
}

} // namespace

/// While one lives, the plot is drawn for paper.
class Plot::Paper {
  public:
    Paper(Plot& plot, const QSize& canvas)
        : plot_(plot), desk_(std::in_place), viewport_(plot.canvas_->viewport()),
          rough_(plot.canvas_->notAntialiasedElements()) {
        plot.onPaper_ = true;
        plot.canvas_->setViewport(QRect(QPoint(), canvas));
        plot.canvas_->setNotAntialiasedElements(QCP::aeNone); // first: QCustomPlot keeps what is in both
        plot.canvas_->setAntialiasedElements(QCP::aeAll);
        plot.annotations_->setPaper(canvas.width());
        plot.style(Theme::paper());
        if (plot.isEmpty())
            return;
        // Twice: what is drawn may depend on how much room the axes have, and that on what is drawn.
        for (int i = 0; i < 2; ++i) {
            plot.annotations_->clear();
            plot.draw(Theme::paper());
            fit(canvas.width());
            layOut();
        }
        for (auto* axis : {plot.canvas_->xAxis, plot.canvas_->yAxis}) {
            const QRect area = plot.canvas_->axisRect()->rect();
            axis->setLabel(brokenLines(axis->label(), axis->labelFont(),
                                       axis == plot.canvas_->xAxis ? area.width() : area.height()));
        }
        layOut();
    }
    ~Paper() {
        for (const auto& [ticker, count] : tickers_)
            ticker->setTickCount(count);
        plot_.canvas_->setAntialiasedElements(QCP::aeNone);
        plot_.canvas_->setNotAntialiasedElements(rough_);
        plot_.canvas_->setViewport(viewport_);
        plot_.annotations_->setPaper(0);
        plot_.onPaper_ = false;
        desk_.reset();
        plot_.style(theme());
        layOut(); // what is drawn now may ask where things are
        plot_.refreshAll();
    }
    Paper(const Paper&) = delete;
    Paper& operator=(const Paper&) = delete;

  private:
    void fit(int width) {
        auto* area = plot_.canvas_->axisRect();
        const Annotations& words = *plot_.annotations_;
        QMargins margins = area->minimumMargins();
        const auto above = static_cast<int>(std::ceil(words.heightAbove()));
        margins.setTop(std::max(margins.top(), above > 0 ? above + 8 : 0));
        // Keys that stand above need no room at the right; words beside curves get a part of the width.
        const int right = words.keysAreAbove() ? words.labelsWidth() + 10 : margins.right();
        margins.setRight(
            std::clamp(right, LeastRight, std::max(LeastRight, static_cast<int>(width * MostRight))));
        area->setMinimumMargins(margins);
        const auto ticker = plot_.canvas_->xAxis->ticker();
        auto known = std::find_if(tickers_.begin(), tickers_.end(),
                                  [&](const auto& one) { return one.first == ticker; });
        if (known == tickers_.end())
            known = tickers_.insert(known, {ticker, ticker->tickCount()});
        ticker->setTickCount(std::clamp(area->width() / TickEvery, 2, std::max(2, known->second)));
    }
    void layOut() {
        auto* layout = plot_.canvas_->plotLayout();
        for (const auto phase :
             {QCPLayoutElement::upPreparation, QCPLayoutElement::upMargins, QCPLayoutElement::upLayout})
            layout->update(phase);
    }

    Plot& plot_;
    std::optional<DeskScale> desk_;
    QRect viewport_;
    QCP::AntialiasedElements rough_;
    std::vector<std::pair<QSharedPointer<QCPAxisTicker>, int>> tickers_; ///< and how many ticks they had
};

QSize Plot::seenSize() const {
    return {atDesk(width()), atDesk(height())};
}

double Plot::leastHeight(double width) {
    const Paper paper(*this, QSize(static_cast<int>(width) - 2 * Edge, LeastAxes));
    return titleHeight(title(), width) + 2 * Edge +
           std::max(annotations_->heightAbove() + LeastAxes, rowsHeight());
}

void Plot::print(QCPPainter& painter, const QSizeF& size) {
    double head = 0;
    {
        const DeskScale desk;
        head = titleHeight(title(), size.width());
    }
    const QSize canvas(static_cast<int>(size.width()) - 2 * Edge,
                       static_cast<int>(size.height() - head) - 2 * Edge);
    const Paper paper(*this, canvas);
    painter.save();
    painter.translate(Edge, Edge);
    painter.setFont(textFont(TextSize::Title));
    painter.setPen(Theme::paper().text);
    painter.drawText(QRectF(0, 0, size.width() - 2 * Edge, head), TitleFlags, title());
    painter.translate(0, head);
    if (!isEmpty())
        canvas_->toPainter(&painter, canvas.width(), canvas.height());
    painter.restore();
}

} // namespace stillroom
