// One of several series: told apart by its colour, and where there is none by dash and marker.
#pragma once

#include "widgets/custom_plot.h"
#include "widgets/theme.h"

namespace stillroom {

/// Eight colours, a dash for each. `width` in pixels as they are on the screen.
[[nodiscard]] QPen seriesLine(int number, const Theme& colours, double width);
/// Eight shapes; the ninth series has the first colour and dash with the second shape, and so on: 64 of them
/// are different, with colours and without.
[[nodiscard]] QCPScatterStyle seriesMark(int number, const Theme& colours, double size);

} // namespace stillroom
