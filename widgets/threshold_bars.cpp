#include "widgets/threshold_bars.h"

#include "widgets/text.h"

#include <QFontMetricsF>
#include <algorithm>

namespace stillroom {
namespace {
constexpr double HeadHeight = 22, LeastRow = 17, MostRow = 25, BarHeight = 11;
}

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
    return std::max(1, static_cast<int>((mRect.height() - HeadHeight) / rowHeight()));
}

double ThresholdBars::rowHeight() const {
    return std::clamp((mRect.height() - HeadHeight) / static_cast<double>(std::max<qsizetype>(1, names_.size())), LeastRow,
                      MostRow);
}

void ThresholdBars::setFirst(int row) {
    first_ = std::clamp(row, 0, std::max(0, static_cast<int>(names_.size()) - rowsThatFit()));
}

int ThresholdBars::rowAt(const QPointF& position) const {
    const double y = position.y() - mRect.top() - HeadHeight;
    const int row = first_ + static_cast<int>(y / rowHeight());
    return y < 0 || row >= names_.size() ? -1 : row;
}

void ThresholdBars::applyDefaultAntialiasingHint(QCPPainter* painter) const { painter->setAntialiasing(true); }

void ThresholdBars::draw(QCPPainter* painter) {
    const QFont font = textFont(TextSize::Note);
    painter->setFont(font);
    const QFontMetricsF metrics(font);
    const double number = metrics.horizontalAdvance(QStringLiteral("0.00")) + 8;
    double widest = 40;
    for (const auto& name : names_)
        widest = std::max(widest, metrics.horizontalAdvance(name));
    const double width = mRect.width();
    const double nameWidth = std::min(widest, width * 0.3);
    const int sides = (teacher_.empty() ? 0 : 1) + (student_.empty() ? 0 : 1);
    if (sides == 0)
        return;
    const double gap = 14;
    const double side = (width - nameWidth - gap * sides) / sides;
    const double bar = std::max(20.0, side - number);
    const auto column = [&](int index) { return mRect.left() + nameWidth + gap + index * (side + gap); };

    painter->setPen(colours_.muted);
    int index = 0;
    if (!teacher_.empty())
        painter->drawText(QPointF(column(index++), mRect.top() + metrics.ascent()), tr("teacher at least"));
    if (!student_.empty())
        painter->drawText(QPointF(column(index), mRect.top() + metrics.ascent()), tr("student unsure at least"));

    const auto drawBar = [&](double x, double middle, double value, const QColor& colour) {
        const double radius = 2;
        painter->setPen(Qt::NoPen);
        painter->setBrush(colours_.grid);
        painter->drawRoundedRect(QRectF(x, middle - BarHeight / 2, bar, BarHeight), radius, radius);
        painter->setBrush(colour);
        painter->drawRoundedRect(QRectF(x, middle - BarHeight / 2, bar * std::clamp(value, 0.0, 1.0), BarHeight), radius,
                                 radius);
        painter->setPen(colours_.muted);
        painter->drawText(QPointF(x + bar + 8, middle + metrics.ascent() / 2 - 1.5), fixed(value, 2));
    };
    const double height = rowHeight();
    const int last = std::min(static_cast<int>(names_.size()), first_ + rowsThatFit());
    for (int row = first_; row < last; ++row) {
        const double middle = mRect.top() + HeadHeight + (row - first_ + 0.5) * height;
        const QString name = metrics.elidedText(names_[row], Qt::ElideMiddle, nameWidth);
        painter->setPen(colours_.text);
        painter->drawText(QPointF(mRect.left() + nameWidth - metrics.horizontalAdvance(name),
                                  middle + metrics.ascent() / 2 - 1.5),
                          name);
        const auto k = static_cast<std::size_t>(row);
        int at = 0;
        if (k < teacher_.size())
            drawBar(column(at++), middle, teacher_[k], colours_.keptMedium);
        if (k < student_.size())
            drawBar(column(at), middle, student_[k], colours_.kept);
    }
}

} // namespace stillroom
