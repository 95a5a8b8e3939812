#include "widgets/glyph_button.h"

#include "widgets/theme.h"

#include <QEvent>

namespace stillroom {

GlyphButton::GlyphButton(Glyph glyph, QWidget* parent) : QToolButton(parent), glyph_(glyph) {
    setProperty("role", "link");
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);
    draw();
}

void GlyphButton::draw() {
    setIcon(glyphIcon(glyph_, theme().accent, theme().faint));
    setIconSize({scaled(14), scaled(14)});
}

void GlyphButton::changeEvent(QEvent* event) {
    QToolButton::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        draw();
}

} // namespace stillroom
