// What can be known of the `asking:` section without reading data. Private to core/experiment.
#pragma once

#include "core/base/result.h"
#include "core/experiment/asking_settings.h"

namespace stillroom {

/// One sentence for the first thing wrong.
Result<void> checkAsking(const AskingSettings& asking);

} // namespace stillroom
