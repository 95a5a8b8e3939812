// A small button with a sign of glyph.h in the theme's colours, whatever they become.
#pragma once

#include "widgets/glyph.h"

#include <QToolButton>

namespace stillroom {

/// Its accessible name and tip are the user's: a sign alone says little.
class GlyphButton : public QToolButton {
    Q_OBJECT
  public:
    explicit GlyphButton(Glyph glyph, QWidget* parent = nullptr);

  protected:
    void changeEvent(QEvent* event) override;

  private:
    void draw();
    Glyph glyph_;
};

} // namespace stillroom
