#include "widgets/class_bars.h"

#include "widgets/text.h"
#include "widgets/theme.h"

#include <QEvent>
#include <QPainter>
#include <algorithm>

namespace stillroom {
namespace {

constexpr double NameShare = 0.42;
constexpr int Bar = 11, Between = 10; // at a desk

} // namespace

ClassBars::ClassBars(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Classes and their probabilities"));
}

void ClassBars::setRows(std::vector<Row> rows) {
    const bool asHigh = rows.size() == rows_.size();
    rows_ = std::move(rows);
    QStringList words;
    for (const auto& [name, probability] : rows_)
        words << tr("%1: %2").arg(name, percent(probability));
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    if (!asHigh)
        updateGeometry();
    update();
}

int ClassBars::rowHeight() const {
    return QFontMetrics(textFont(TextSize::Body)).height() + scaled(7);
}

QSize ClassBars::sizeHint() const {
    return {scaled(320), rowHeight() * static_cast<int>(rows_.size())};
}

QSize ClassBars::minimumSizeHint() const {
    return {scaled(160), sizeHint().height()};
}

void ClassBars::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::ApplicationFontChange || event->type() == QEvent::FontChange)
        updateGeometry();
}

void ClassBars::paintEvent(QPaintEvent* /*event*/) {
    QPainter painter(this);
    const Theme& look = theme();
    const QFont plain = textFont(TextSize::Body), strong = textFont(TextSize::Title);
    const QFontMetrics metrics(strong);
    const int high = rowHeight();
    const int numbers = metrics.horizontalAdvance(QStringLiteral("100.0 %"));
    int widest = 0;
    for (const auto& row : rows_)
        widest = std::max(widest, metrics.horizontalAdvance(row.first));
    const int names = std::min(widest, static_cast<int>(NameShare * width()));
    const int left = names + scaled(Between);
    const int room = std::max(scaled(20), width() - left - numbers - scaled(Between));
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const auto& [name, probability] = rows_[i];
        const int top = static_cast<int>(i) * high;
        painter.setFont(i == 0 ? strong : plain);
        painter.setPen(i == 0 ? look.text : look.muted);
        painter.drawText(QRect(0, top, names, high), Qt::AlignVCenter | Qt::AlignLeft,
                         painter.fontMetrics().elidedText(name, Qt::ElideRight, names));
        painter.drawText(QRect(width() - numbers, top, numbers, high), Qt::AlignVCenter | Qt::AlignRight,
                         percent(probability));
        const double thick = scaled(Bar);
        const QRectF area(left, top + (high - thick) / 2, room, thick);
        painter.fillRect(area, look.grid);
        const double share = std::clamp(probability, 0.0, 1.0);
        if (share > 0)
            painter.fillRect(QRectF(area.left(), area.top(), std::max(1.0, area.width() * share), thick),
                             i == 0 ? look.kept : look.keptMedium);
    }
}

} // namespace stillroom
