#include "widgets/threshold_bars.h"

#include "widgets/text.h"
#include "widgets/tickers.h"

#include <QFontMetricsF>
#include <algorithm>

namespace stillroom {
namespace {
// At a desk.
constexpr double Head = 22, LeastRow = 17, MostRow = 25, Bar = 11;
constexpr double Above = 16; // what is left of the hidden axes in the canvas
double headHeight() {
    return scaled(Head);
}
} // namespace

ThresholdBars::ThresholdBars(QCustomPlot* plot) : QCPLayoutElement(plot) {
    setLayer(QStringLiteral("main"));
}

void ThresholdBars::setRows(const QStringList& names, const std::vector<double>& teacher,
                            const std::vector<double>& student) {
    names_ = names;
    teacher_ = teacher;
    student_ = student;
    setFirst(first_);
}

int ThresholdBars::rowsThatFit() const {
    return std::max(1, static_cast<int>((mRect.height() - headHeight()) / rowHeight() + 1e-6));
}

double ThresholdBars::heightOf(std::size_t rows) {
    return headHeight() + static_cast<double>(rows) * scaled(LeastRow) + scaled(Above);
}

double ThresholdBars::rowHeight() const {
    return std::clamp((mRect.height() - headHeight()) /
                          static_cast<double>(std::max<qsizetype>(1, names_.size())),
                      scaled(LeastRow), scaled(MostRow));
}

void ThresholdBars::setFirst(int row) {
    first_ = std::clamp(row, 0, std::max(0, static_cast<int>(names_.size()) - rowsThatFit()));
}

int ThresholdBars::rowAt(const QPointF& position) const {
    const double y = position.y() - mRect.top() - headHeight();
    const int row = first_ + static_cast<int>(y / rowHeight());
    return y < 0 || row >= names_.size() ? -1 : row;
}

void ThresholdBars::applyDefaultAntialiasingHint(QCPPainter* painter) const {
    painter->setAntialiasing(true);
}

void ThresholdBars::draw(QCPPainter* painter) {
    const QFont font = textFont(TextSize::Note);
    painter->setFont(font);
    const QFontMetricsF metrics(font);
    const double number = metrics.horizontalAdvance(QStringLiteral("0.00")) + scaled(8);
    const double barHeight = scaled(Bar);
    double widest = scaled(40);
    for (const auto& name : names_)
        widest = std::max(widest, metrics.horizontalAdvance(name));
    const double width = mRect.width();
    const double nameWidth = std::min(widest, width * 0.3);
    const int sides = (teacher_.empty() ? 0 : 1) + (student_.empty() ? 0 : 1);
    if (sides == 0)
        return;
    const double gap = scaled(14);
    const double side = (width - nameWidth - gap * sides) / sides;
    const double bar = std::max(20.0, side - number);
    const auto column = [&](int index) { return mRect.left() + nameWidth + gap + index * (side + gap); };

    // Confidences fill the scale from 0 to 1; a student's doubt often stays far below, so its scale ends
    // sooner, and each side says where its scale ends.
    const auto top = [](const std::vector<double>& values) {
        const double most = values.empty() ? 1.0 : *std::max_element(values.begin(), values.end());
        return most > 0.5 ? 1.0 : std::max(0.1, niceCeiling(most));
    };
    const double teacherTop = top(teacher_), studentTop = top(student_);
    painter->setPen(colours_.muted);
    const auto drawHead = [&](int index, const QString& text, const QString& narrow, double end) {
        const double y = mRect.top() + metrics.ascent();
        const QString last = end == 1.0 ? QStringLiteral("1") : fixed(end, end < 0.2 ? 2 : 1);
        const double lastWidth = metrics.horizontalAdvance(last);
        const double room = bar - lastWidth - 6;
        painter->drawText(QPointF(column(index), y), metrics.horizontalAdvance(text) <= room
                                                         ? text
                                                         : metrics.elidedText(narrow, Qt::ElideRight, room));
        painter->drawText(QPointF(column(index) + bar - lastWidth, y), last);
    };
    int index = 0;
    if (!teacher_.empty())
        drawHead(index++, tr("teacher at least"), tr("teacher ≥"), teacherTop);
    if (!student_.empty())
        drawHead(index, tr("student at least"), tr("student ≥"), studentTop);

    const auto drawBar = [&](double x, double middle, double value, double end, const QColor& colour) {
        const double radius = 2;
        painter->setPen(Qt::NoPen);
        painter->setBrush(colours_.grid);
        painter->drawRoundedRect(QRectF(x, middle - barHeight / 2, bar, barHeight), radius, radius);
        painter->setBrush(colour);
        painter->drawRoundedRect(
            QRectF(x, middle - barHeight / 2, bar * std::clamp(value / end, 0.0, 1.0), barHeight), radius,
            radius);
        painter->setPen(colours_.muted);
        painter->drawText(QPointF(x + bar + scaled(8), middle + metrics.ascent() / 2 - 1.5), fixed(value, 2));
    };
    const double height = rowHeight();
    const int last = std::min(static_cast<int>(names_.size()), first_ + rowsThatFit());
    for (int row = first_; row < last; ++row) {
        const double middle = mRect.top() + headHeight() + (row - first_ + 0.5) * height;
        const QString name = metrics.elidedText(names_[row], Qt::ElideMiddle, nameWidth);
        painter->setPen(colours_.text);
        painter->drawText(QPointF(mRect.left() + nameWidth - metrics.horizontalAdvance(name),
                                  middle + metrics.ascent() / 2 - 1.5),
                          name);
        const auto k = static_cast<std::size_t>(row);
        int at = 0;
        if (k < teacher_.size())
            drawBar(column(at++), middle, teacher_[k], teacherTop, colours_.keptMedium);
        if (k < student_.size())
            drawBar(column(at), middle, student_[k], studentTop, colours_.kept);
    }
}

} // namespace stillroom
