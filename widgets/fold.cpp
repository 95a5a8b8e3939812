#include "widgets/fold.h"

#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace stillroom {

Fold::Fold(const QString& text, QWidget* parent)
    : QWidget(parent), button_(new QToolButton), body_(new QWidget), column_(new QVBoxLayout(body_)) {
    button_->setText(text);
    button_->setCheckable(true);
    button_->setProperty("role", "link");
    button_->setFont(textFont(TextSize::Note));
    button_->setCursor(Qt::PointingHandCursor);
    button_->setFocusPolicy(Qt::StrongFocus);
    auto* line = new QHBoxLayout;
    line->setContentsMargins(3, 0, 0, 0); // and the button's own: in line with the settings' names
    line->addWidget(button_);
    line->addStretch(1);
    column_->setContentsMargins(0, 0, 0, 0);
    column_->setSpacing(Gap);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(Gap);
    all->addLayout(line);
    all->addWidget(body_);
    body_->hide();
    connect(button_, &QToolButton::toggled, body_, &QWidget::setVisible);
}

bool Fold::isOpen() const {
    return button_->isChecked();
}

void Fold::setOpen(bool open) {
    button_->setChecked(open);
}

} // namespace stillroom
