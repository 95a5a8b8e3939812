#include "widgets/figure_card.h"

#include "widgets/theme.h"

#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

namespace stillroom {

FigureCard::FigureCard(const QString& name, const QString& tip, QWidget* parent)
    : QFrame(parent), name_(new QLabel(name)), figure_(new QLabel(QStringLiteral("–"))), comparison_(new QLabel) {
    setProperty("role", "panel");
    setToolTip(tip);
    setAccessibleName(name);
    name_->setProperty("tone", "muted");
    comparison_->setProperty("tone", "muted");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 7, 8, 7);
    column->setSpacing(1);
    for (auto* label : {name_, figure_, comparison_}) {
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setMinimumWidth(0);
        // A long comparison is cut at the card's edge, the figure never.
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        column->addWidget(label);
    }
    setFonts();
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void FigureCard::setFonts() {
    name_->setFont(textFont(TextSize::Note));
    figure_->setFont(textFont(TextSize::Figure));
    comparison_->setFont(textFont(TextSize::Note));
}

void FigureCard::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::ApplicationFontChange)
        setFonts();
}

void FigureCard::say(const QString& figure, const QString& comparison) {
    // Setting a text lays it out again: figures change a few times a second, most of them do not.
    if (figure_->text() != figure)
        figure_->setText(figure);
    if (comparison_->text() != comparison) {
        comparison_->setText(comparison);
        comparison_->setToolTip(comparison);
        setAccessibleDescription(comparison);
    }
}

} // namespace stillroom
