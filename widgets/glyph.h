// The few signs on buttons, drawn in the theme's colours: no icon theme is needed, none can be missing.
#pragma once

#include <QColor>
#include <QIcon>

namespace stillroom {

enum class Glyph { Run, Pause, Step, Stop, Back, Forward, Curve };
[[nodiscard]] QIcon glyphIcon(Glyph glyph, const QColor& colour, const QColor& disabled);

} // namespace stillroom
