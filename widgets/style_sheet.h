// The style sheet of the whole window, from a theme's roles.
#pragma once

#include "widgets/theme.h"

namespace stillroom {

[[nodiscard]] QString styleSheet(const Theme& theme);

} // namespace stillroom
