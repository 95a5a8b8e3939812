// What can be known of the `asking:` section without reading data. Private to core/experiment.
#pragma once

#include "core/base/result.h"
#include "core/experiment/asking_settings.h"
#include "core/teacher/calibration_settings.h"

namespace stillroom {

/// One sentence for the first thing wrong. `calibration`: the teacher's.
Result<void> checkAsking(const AskingSettings& asking, CalibrationKind calibration);

} // namespace stillroom
