#include "widgets/annotations.h"

#include <QFontMetricsF>
#include <algorithm>
#include <iterator>

namespace stillroom {
namespace {
// Pixels at a desk.
constexpr int LongestKey = 150;      // longer names are elided
constexpr int LeastForRight = 480;   // so wide is a figure on paper that has room for keys at its right
constexpr double Between = 18;       // keys in a line
constexpr double LongestLabel = 0.5; // of the width

double sampleWidth(const Annotations::Key& key) {
    return scaled(key.line.style() != Qt::NoPen ? 34.0 : 9.0);
}

double lineHeight(const QFontMetricsF& metrics) {
    return metrics.height() + 3;
}
} // namespace

Annotations::Annotations(QCustomPlot* plot) : QCPLayerable(plot, QStringLiteral("overlay")) {}

void Annotations::clear() {
    labels.clear();
    marks.clear();
    keys.clear();
    note.clear();
}

void Annotations::setColours(const Theme& colours) {
    colours_ = colours;
}

int Annotations::keysWidth() const {
    const QFontMetricsF metrics(textFont(TextSize::Note));
    double widest = 0, sample = 0;
    for (const auto& key : keys) {
        widest = std::max(widest, metrics.horizontalAdvance(key.text));
        sample = std::max(sample, sampleWidth(key));
    }
    return keys.empty()
               ? 0
               : static_cast<int>(std::min(widest, scaled(double{LongestKey})) + sample) + scaled(15);
}

bool Annotations::keysAreAbove() const {
    return paper_ > 0 && !keys.empty() && (keyPlace == KeyPlace::Top || paper_ < LeastForRight);
}

std::vector<Annotations::Placed> Annotations::placedAbove() const {
    std::vector<Placed> placed;
    if (paper_ == 0)
        return placed;
    const QFontMetricsF metrics(textFont(TextSize::Note));
    const double line = lineHeight(metrics);
    double x = 0, y = 0;
    if (keysAreAbove()) {
        for (const auto& key : keys) {
            const double sample = sampleWidth(key) + 6;
            const QString text = metrics.elidedText(key.text, Qt::ElideMiddle, paper_ - sample);
            const double width = sample + metrics.horizontalAdvance(text);
            if (x > 0 && x + width > paper_) {
                x = 0;
                y += line;
            }
            placed.push_back({{x, y}, text, &key});
            x += width + Between;
        }
        y += line;
    }
    QString rest = note;
    while (!rest.isEmpty()) {
        qsizetype end = rest.size();
        while (metrics.horizontalAdvance(rest.left(end)) > paper_) {
            const qsizetype space = rest.lastIndexOf(u' ', end - 1);
            if (space <= 0)
                break;
            end = space;
        }
        placed.push_back({{0, y}, metrics.elidedText(rest.left(end), Qt::ElideRight, paper_)});
        rest = rest.mid(end).trimmed();
        y += line;
    }
    return placed;
}

double Annotations::heightAbove() const {
    const auto placed = placedAbove();
    return placed.empty() ? 0
                          : placed.back().corner.y() + lineHeight(QFontMetricsF(textFont(TextSize::Note)));
}

void Annotations::drawAbove(QCPPainter* painter) const {
    const QFontMetricsF metrics(painter->font());
    for (const auto& one : placedAbove()) {
        double x = one.corner.x();
        if (one.key != nullptr) {
            drawSample(painter, *one.key, one.corner);
            x += sampleWidth(*one.key) + 6;
        }
        painter->setPen(one.key != nullptr ? colours_.text : colours_.muted);
        painter->drawText(QPointF(x, one.corner.y() + metrics.ascent()), one.text);
    }
}

void Annotations::drawSample(QCPPainter* painter, const Key& key, const QPointF& corner) const {
    const double height = QFontMetricsF(painter->font()).height(), width = sampleWidth(key);
    if (key.line.style() == Qt::NoPen && key.marker.isNone()) {
        painter->fillRect(QRectF(corner.x(), corner.y() + (height - width) / 2, width, width), key.colour);
        return;
    }
    const bool before = painter->antialiasing();
    painter->setAntialiasing(true);
    const QPointF middle(corner.x() + width / 2, corner.y() + height / 2);
    if (key.line.style() != Qt::NoPen) {
        painter->setPen(key.line);
        painter->drawLine(QLineF(QPointF(corner.x(), middle.y()), QPointF(corner.x() + width, middle.y())));
    }
    if (!key.marker.isNone()) {
        key.marker.applyTo(painter, key.line);
        key.marker.drawShape(painter, middle);
    }
    painter->setAntialiasing(before);
}

int Annotations::labelsWidth() const {
    QFont font = textFont(TextSize::Note);
    double widest = 0;
    for (const auto& label : labels) {
        font.setBold(label.bold);
        widest = std::max(widest, QFontMetricsF(font).horizontalAdvance(label.text));
    }
    return static_cast<int>(widest);
}

void Annotations::applyDefaultAntialiasingHint(QCPPainter* painter) const {
    painter->setAntialiasing(false);
}

void Annotations::draw(QCPPainter* painter) {
    const QRectF area = mParentPlot->axisRect()->rect();
    painter->setFont(textFont(TextSize::Note));
    taken_.clear();
    drawMarks(painter, area);
    drawKeys(painter, area);
    drawLabels(painter, area);
}

void Annotations::drawMarks(QCPPainter* painter, const QRectF& area) {
    const QFontMetricsF metrics(painter->font());
    // The rightmost first: an older mark whose words would run into another's is a line alone.
    double freeUntil = area.right();
    for (auto mark = marks.rbegin(); mark != marks.rend(); ++mark) {
        const double x = mParentPlot->xAxis->coordToPixel(mark->x);
        if (x < area.left() || x > area.right())
            continue;
        painter->setPen(QPen(colours_.warning, scaled(1.0), Qt::DashLine));
        painter->drawLine(QLineF(x, area.top(), x, area.bottom()));
        const double width = metrics.horizontalAdvance(mark->text);
        double left = x + 5;
        if (left + width > freeUntil) { // left of its line, where no older line stands
            const auto older = std::next(mark);
            left = x - 5 - width;
            if (mark != marks.rbegin() && older != marks.rend() &&
                mParentPlot->xAxis->coordToPixel(older->x) > left - 5)
                continue;
        }
        if (left < area.left())
            continue;
        painter->drawText(QPointF(left, area.top() + metrics.ascent()), mark->text);
        taken_.emplace_back(left, area.top(), width, metrics.height());
        freeUntil = std::min(left, x) - 5;
    }
}

void Annotations::drawKeys(QCPPainter* painter, const QRectF& area) {
    if (paper_ > 0)
        drawAbove(painter);
    if ((keys.empty() && note.isEmpty()) || (paper_ > 0 && (keys.empty() || keysAreAbove())))
        return;
    const QFontMetricsF metrics(painter->font());
    const double line = lineHeight(metrics);
    const bool right = keyPlace == KeyPlace::Right;
    double x = right ? area.right() + 10 : area.left() + 8;
    double y = right ? area.top() : area.top() + 2;
    const bool noted = !note.isEmpty() && paper_ == 0;
    if (noted) // over lines of the grid
        painter->fillRect(QRectF(x - 3, y + line,
                                 std::min(area.width() - 16, metrics.horizontalAdvance(note)) + 6,
                                 metrics.height()),
                          colours_.surface);
    for (const auto& key : keys) {
        drawSample(painter, key, {x, y});
        painter->setPen(right ? colours_.muted : colours_.text);
        const QString text = metrics.elidedText(key.text, Qt::ElideMiddle, scaled(LongestKey));
        const double before = sampleWidth(key) + 6;
        painter->drawText(QPointF(x + before, y + metrics.ascent()), text);
        taken_.emplace_back(x, y, before + metrics.horizontalAdvance(text), metrics.height());
        if (right)
            y += line;
        else
            x += before + metrics.horizontalAdvance(text) + 20;
    }
    if (noted) {
        painter->setPen(colours_.muted);
        painter->drawText(QPointF(area.left() + 8, area.top() + 2 + line + metrics.ascent()),
                          metrics.elidedText(note, Qt::ElideRight, area.width() - 16));
    }
}

void Annotations::drawLabels(QCPPainter* painter, const QRectF& area) {
    // Words may stand in the margin right of the axes, where curves end at the end of a run.
    const double rightmost = mParentPlot->viewport().right();
    QColor veil = colours_.surface;
    veil.setAlphaF(0.8F);
    for (const auto& label : labels) {
        QFont font = textFont(TextSize::Note);
        font.setBold(label.bold);
        const QFontMetricsF metrics(font);
        const QString text =
            metrics.elidedText(label.text, Qt::ElideMiddle, mParentPlot->viewport().width() * LongestLabel);
        const double width = metrics.horizontalAdvance(text), height = metrics.height();
        const double x = mParentPlot->xAxis->coordToPixel(label.x);
        const double y = mParentPlot->yAxis->coordToPixel(label.y);
        // Right of the end, a little higher or lower where others are; else over or under the curve.
        std::vector<QPointF> places;
        for (const double shift : {0.0, -0.5, 0.5, -1.0, 1.0, -1.5, 1.5, -2.0, 2.0})
            places.emplace_back(x + 8, y - height / 2 + shift * height);
        for (int shift = 0; shift < 5; ++shift) {
            places.emplace_back(x - width, y - (shift + 1) * height - 5);
            places.emplace_back(x - width, y + shift * height + 6);
        }
        QRectF place;
        for (const auto& corner : places) {
            place = QRectF(corner, QSizeF(width, height));
            if (place.left() < area.left())
                place.moveLeft(area.left() + 4);
            const bool inside = place.right() <= rightmost && place.top() >= area.top() - 6 &&
                                place.bottom() <= area.bottom() + 2;
            if (inside && std::none_of(taken_.begin(), taken_.end(),
                                       [&](const QRectF& other) { return other.intersects(place); }))
                break;
        }
        place.moveRight(std::min(place.right(), rightmost));
        taken_.push_back(place);
        painter->fillRect(place.adjusted(-2, 1, 2, -1), veil);
        painter->setFont(font);
        painter->setPen(label.colour);
        painter->drawText(QPointF(place.left(), place.top() + metrics.ascent()), text);
    }
}

} // namespace stillroom
