#include "widgets/note_label.h"

#include "widgets/theme.h"

#include <QLabel>

namespace stillroom {

QLabel* makeNoteLabel(const char* tone) {
    auto* label = new QLabel;
    label->setFont(textFont(TextSize::Note));
    label->setProperty("tone", tone);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace stillroom
