#include "widgets/length_histogram.h"

#include "widgets/custom_plot.h"
#include "widgets/figure_export.h"
#include "widgets/import_page.h"
#include "widgets/text.h"
#include "widgets/theme.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

/// The lower edge of a bin, in characters.
double edge(int bin) {
    return std::pow(2.0, bin / 2.0);
}

/// A round share at or over `share`.
double roundUp(double share) {
    for (const double step : {0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8})
        if (share <= step)
            return step;
    return 1;
}

} // namespace

LengthHistogram::LengthHistogram(QWidget* parent)
    : QWidget(parent), takeaway_(new FigureExport(*this, this)) {
    connect(takeaway_, &FigureExport::said, this, &LengthHistogram::said);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(tr("Lengths of the texts"));
}

void LengthHistogram::show(const DataProfile& profile) {
    QStringList words;
    for (std::size_t split = 0; split < SplitCount; ++split) {
        const auto& part = profile.splits[split];
        rows_[split] = part.rows;
        for (std::size_t bin = 0; bin < Bins; ++bin)
            shares_[split][bin] = part.rows == 0 ? 0
                                                 : static_cast<double>(part.lengthHistogram[bin]) /
                                                       static_cast<double>(part.rows);
        if (part.rows > 0)
            words << tr("%1: half of the texts have %2 characters or fewer, the longest %3")
                         .arg(splitTitle(static_cast<Split>(split)), grouped(part.lengths[3]),
                              grouped(part.lengths[6]));
    }
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    update();
}

QSize LengthHistogram::sizeHint() const {
    return {scaled(360), scaled(210)};
}

QSize LengthHistogram::minimumSizeHint() const {
    return {scaled(240), scaled(180)};
}

QString LengthHistogram::title() {
    return tr("Length of the texts, share of each split");
}

bool LengthHistogram::isEmpty() const {
    return std::all_of(rows_.begin(), rows_.end(), [](auto rows) { return rows == 0; });
}

QSize LengthHistogram::seenSize() const {
    return {atDesk(width()), atDesk(height())};
}

double LengthHistogram::leastHeight(double) {
    return 210;
}

void LengthHistogram::print(QCPPainter& painter, const QSizeF& size) {
    const DeskScale desk;
    const Theme& colours = Theme::paper();
    const QFont font = textFont(TextSize::Title);
    const double head = QFontMetricsF(font).height() + Gap;
    painter.save();
    painter.translate(Gap / 2, Gap / 2);
    painter.setFont(font);
    painter.setPen(colours.text);
    painter.drawText(QPointF(0, QFontMetricsF(font).ascent()), title());
    painter.translate(0, head);
    paint(painter, {size.width() - Gap, size.height() - head - Gap}, colours);
    painter.restore();
}

void LengthHistogram::contextMenuEvent(QContextMenuEvent* event) {
    takeaway_->popup(event->globalPos());
}

PlotTable LengthHistogram::table() const {
    PlotTable table;
    table.columns = {tr("characters from"), tr("to")};
    for (std::size_t split = 0; split < SplitCount; ++split)
        if (rows_[split] > 0)
            table.columns << tr("share of %1").arg(splitTitle(static_cast<Split>(split)).toLower());
    for (int bin = 0; bin < Bins; ++bin) {
        QStringList row{fixed(std::ceil(edge(bin)), 0), fixed(std::ceil(edge(bin + 1)) - 1, 0)};
        bool any = false;
        for (std::size_t split = 0; split < SplitCount; ++split)
            if (rows_[split] > 0) {
                const double share = shares_[split][static_cast<std::size_t>(bin)];
                any = any || share > 0;
                row << fixed(share, 5);
            }
        if (any)
            table.rows << row;
    }
    return table;
}

LengthHistogram::Frame LengthHistogram::frame(const QSizeF& size) const {
    const QFontMetrics note(textFont(TextSize::Note));
    Frame frame{{}, Bins, -1, 0};
    for (const auto& split : shares_)
        for (int bin = 0; bin < Bins; ++bin)
            if (const double share = split[static_cast<std::size_t>(bin)]; share > 0) {
                frame.first = std::min(frame.first, bin);
                frame.last = std::max(frame.last, bin);
                frame.top = std::max(frame.top, share);
            }
    // Whole octaves, and not fewer than four of them.
    frame.first = std::clamp(frame.first / 2 * 2, 0, Bins - 8);
    frame.last = std::clamp(std::max(frame.last | 1, frame.first + 7), 0, Bins - 1);
    frame.top = roundUp(frame.top);
    const double left = note.horizontalAdvance(QStringLiteral("100 %")) + scaled(8.0);
    frame.area = QRectF(left, note.height() + scaled(8.0), size.width() - left - scaled(12.0),
                        size.height() - 3 * note.height() - scaled(20.0));
    return frame;
}

void LengthHistogram::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paint(painter, size(), theme());
}

void LengthHistogram::paint(QPainter& painter, const QSizeF& size, const Theme& t) const {
    const QFont font = textFont(TextSize::Note);
    const QFontMetrics note(font);
    painter.setFont(font);
    const Frame f = frame(size);
    for (const double share : {0.0, f.top / 2, f.top}) {
        painter.setPen(QPen(share == 0 ? t.axis : t.grid, 1));
        painter.drawLine(QPointF(f.area.left(), f.y(share)), QPointF(f.area.right(), f.y(share)));
        painter.setPen(t.muted);
        const QString label = percent(share, f.top < 0.1 ? 1 : 0);
        painter.drawText(
            QRectF(0, f.y(share) - note.height() / 2.0, f.area.left() - scaled(6.0), note.height()),
            Qt::AlignRight | Qt::AlignVCenter, label);
    }
    const int every = f.last - f.first > 12 ? 4 : 2; // bins between labels
    for (int bin = f.first; bin <= f.last + 1; bin += every) {
        painter.setPen(QPen(t.axis, 1));
        painter.drawLine(QPointF(f.x(bin), f.area.bottom()), QPointF(f.x(bin), f.area.bottom() + 3));
        painter.setPen(t.muted);
        painter.drawText(QRectF(f.x(bin) - 40, f.area.bottom() + 4, 80, note.height()), Qt::AlignCenter,
                         grouped(std::llround(edge(bin))));
    }
    QString what = tr("characters of a text (each label twice or four times the last)");
    if (note.horizontalAdvance(what) > f.area.width())
        what = tr("characters of a text");
    painter.drawText(
        QRectF(f.area.left(), f.area.bottom() + 5 + note.height(), f.area.width(), note.height()),
        Qt::AlignCenter, what);

    painter.setRenderHint(QPainter::Antialiasing);
    // Training filled, the others as lines of their own dash.
    double legend = f.area.left();
    for (std::size_t split = 0; split < SplitCount; ++split) {
        if (rows_[split] == 0)
            continue;
        const bool filled = split == 0;
        const QColor colour = filled ? t.kept : split == 1 ? t.orange : t.good;
        const Qt::PenStyle dash = filled ? Qt::SolidLine : split == 1 ? Qt::DashLine : Qt::DotLine;
        QPainterPath path(QPointF(f.x(f.first), f.y(0)));
        for (int bin = f.first; bin <= f.last; ++bin) {
            const double y = f.y(shares_[split][static_cast<std::size_t>(bin)]);
            if (filled) {
                const double gap = std::min(2.0, (f.x(bin + 1) - f.x(bin)) / 6);
                painter.fillRect(
                    QRectF(QPointF(f.x(bin) + gap / 2, y), QPointF(f.x(bin + 1) - gap / 2, f.y(0))),
                    t.keptMedium);
            }
            path.lineTo(f.x(bin), y);
            path.lineTo(f.x(bin + 1), y);
        }
        path.lineTo(f.x(f.last + 1), f.y(0));
        if (!filled)
            painter.strokePath(path, QPen(colour, scaled(1.6), dash));
        const QString name = splitTitle(static_cast<Split>(split)).toLower();
        const QRectF mark(legend, note.height() / 2.0 - scaled(1.0), scaled(16.0), scaled(8.0));
        if (filled)
            painter.fillRect(mark.adjusted(0, -scaled(3.0), -scaled(6.0), -scaled(1.0)), t.keptMedium);
        else
            painter.strokePath(
                [&] {
                    QPainterPath line(QPointF(mark.left(), mark.top() + scaled(1.0)));
                    line.lineTo(mark.right(), mark.top() + scaled(1.0));
                    return line;
                }(),
                QPen(colour, scaled(1.6), dash));
        legend += scaled(20.0);
        painter.setPen(t.text);
        painter.drawText(QPointF(legend, note.ascent()), name);
        legend += note.horizontalAdvance(name) + scaled(16.0);
    }
}

bool LengthHistogram::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const Frame f = frame(size());
    const int bin =
        f.first + static_cast<int>(std::floor((help->pos().x() - f.area.left()) /
                                              std::max(1.0, f.area.width()) * (f.last - f.first + 1)));
    if (bin < f.first || bin > f.last || !f.area.contains(help->pos())) {
        QToolTip::hideText();
        return true;
    }
    QStringList lines{tr("%1 to %2 characters")
                          .arg(grouped(std::llround(std::ceil(edge(bin)))),
                               grouped(std::llround(std::ceil(edge(bin + 1))) - 1))};
    for (std::size_t split = 0; split < SplitCount; ++split)
        if (rows_[split] > 0)
            lines << tr("%1: %2").arg(splitTitle(static_cast<Split>(split)),
                                      percent(shares_[split][static_cast<std::size_t>(bin)]));
    QToolTip::showText(help->globalPos(), lines.join(u'\n'), this);
    return true;
}

} // namespace stillroom
