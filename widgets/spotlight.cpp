#include "widgets/spotlight.h"

#include "widgets/theme.h"

#include <QEvent>
#include <QPainter>
#include <QScrollArea>
#include <QTabWidget>
#include <QTimer>

namespace stillroom {
namespace {
constexpr int Period = 60; // ms: a page that scrolls, a panel that grows
constexpr int Away = 4;    // of the outline from its target, at a desk
} // namespace

Spotlight::Spotlight(QWidget* window) : QWidget(window), timer_(new QTimer(this)) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_NoSystemBackground);
    setFocusPolicy(Qt::NoFocus);
    setGeometry(window->rect());
    window->installEventFilter(this);
    timer_->setInterval(Period);
    connect(timer_, &QTimer::timeout, this, &Spotlight::follow);
    hide();
}

void Spotlight::point(QWidget* target) {
    target_ = target;
    setVisible(target != nullptr);
    if (target == nullptr) {
        timer_->stop();
        return;
    }
    raise();
    timer_->start();
    follow();
}

void Spotlight::revealAgain() const {
    if (target_ != nullptr)
        reveal(target_);
}

void Spotlight::reveal(QWidget* widget) {
    for (QWidget *child = widget, *parent = widget->parentWidget(); parent != nullptr;
         child = parent, parent = parent->parentWidget()) {
        if (auto* tabs = qobject_cast<QTabWidget*>(parent->parentWidget()))
            if (tabs->indexOf(child) >= 0)
                tabs->setCurrentWidget(child);
        if (auto* area = qobject_cast<QScrollArea*>(parent->parentWidget()))
            if (area->viewport() == parent)
                area->ensureWidgetVisible(widget, 0, 3 * Gap);
    }
}

void Spotlight::follow() {
    QRect now;
    if (target_ != nullptr && target_->isVisible() && target_->window() == window())
        now = QRect(target_->mapTo(parentWidget(), QPoint()), target_->size());
    // What is scrolled out of sight is not there.
    for (QWidget* parent = target_ != nullptr ? target_->parentWidget() : nullptr;
         parent != nullptr && parent != parentWidget() && !now.isEmpty(); parent = parent->parentWidget())
        now &= QRect(parent->mapTo(parentWidget(), QPoint()), parent->size());
    if (now == shown_)
        return;
    shown_ = now;
    update();
}

bool Spotlight::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize && watched == parentWidget())
        setGeometry(parentWidget()->rect());
    return QWidget::eventFilter(watched, event);
}

void Spotlight::paintEvent(QPaintEvent*) {
    if (shown_.isEmpty())
        return;
    const Theme& t = theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double away = scaled(double{Away}), corner = scaled(double{Corner}) + away;
    QRectF box = QRectF(shown_).adjusted(-away, -away, away, away);
    box &= QRectF(rect()).adjusted(2, 2, -2, -2);
    QColor halo = t.orange;
    halo.setAlphaF(0.28F);
    painter.setPen(QPen(halo, scaled(7.0)));
    painter.drawRoundedRect(box, corner, corner);
    painter.setPen(QPen(t.orange, scaled(2.5)));
    painter.drawRoundedRect(box, corner, corner);
}

} // namespace stillroom
