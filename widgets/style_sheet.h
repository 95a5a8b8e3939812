// The style sheet of the whole window, from a theme's roles, at a desk or enlarged.
#pragma once

#include "widgets/theme.h"

namespace stillroom {

[[nodiscard]] QString styleSheet(const Theme& theme, double scale = 1);

} // namespace stillroom
