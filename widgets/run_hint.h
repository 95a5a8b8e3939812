// What to do so that there is something to see, in the words of every empty plot.
#pragma once

#include "widgets/run_state.h"

#include <QString>

namespace stillroom {

[[nodiscard]] QString runHint(RunState state);

} // namespace stillroom
