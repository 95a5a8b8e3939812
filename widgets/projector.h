// View ▸ Projector: text, lines and rows half as large again, so that they can be read from the back of a
// lecture hall. GUI thread.
#pragma once

class QWidget;

namespace stillroom {

inline constexpr double ProjectorScale = 1.5;

/// Every window that is open, and all that is made from now on; or back. Takes as long as a change of
/// colours.
///
/// Widgets are made with the measures of a desk (`Gap`, textFont): here margins, spacings, fixed and least
/// sizes, fonts and row heights are enlarged after the fact, so that no widget need know. What is painted,
/// and what is set anew when a widget is resized, is enlarged where it is painted or set (`scaled`, theme.h).
void setProjector(bool on);
[[nodiscard]] bool projector();

} // namespace stillroom
