#include "widgets/figure_card.h"

#include "widgets/theme.h"

#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

namespace stillroom {

FigureCard::FigureCard(const QString& name, const QString& tip, QWidget* parent)
    : QFrame(parent), title_(name), name_(new QLabel(name)), figure_(new QLabel(QStringLiteral("–"))),
      comparison_(new QLabel) {
    setProperty("role", "panel");
    setToolTip(tip);
    setAccessibleName(name);
    name_->setProperty("tone", "muted");
    comparison_->setProperty("tone", "muted");
    comparison_->setText(QStringLiteral(" ")); // all cards are as high
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 7, 8, 7);
    column->setSpacing(1);
    for (auto* label : {name_, figure_, comparison_}) {
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setMinimumWidth(0);
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
    if (whole_ != comparison) {
        whole_ = comparison;
        setAccessibleDescription(comparison);
        elide();
    }
}

void FigureCard::elide() {
    name_->setText(name_->fontMetrics().elidedText(title_, Qt::ElideRight, name_->width()));
    QStringList lines = whole_.split(u'\n');
    for (auto& line : lines)
        line = comparison_->fontMetrics().elidedText(line, Qt::ElideRight, comparison_->width());
    const QString text = lines.join(u'\n');
    comparison_->setText(text.isEmpty() ? QStringLiteral(" ") : text);
    comparison_->setToolTip(text == whole_ ? QString() : whole_);
}

void FigureCard::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    layout()->activate(); // the labels have their new width before it is measured
    elide();
}

} // namespace stillroom
