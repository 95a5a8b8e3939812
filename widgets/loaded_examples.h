// Data and teacher as the window needs them: read once on a worker, then only looked at.
#pragma once

#include "core/experiment/experiment.h"
#include "core/teacher/calibrate.h"
#include "core/teacher/teacher_loader.h"
#include "widgets/data_summary.h"

#include <optional>

namespace stillroom {

struct Examples {
    DistillationSet set;
    LoadReport report;
    TeacherQuality quality;                        ///< as in Prepared; rows == 0 without gold
    std::optional<TeacherCalibration> calibration; ///< where teacher.calibration is not none
    DataSummary summary;
    std::int64_t untaught = 0; ///< training texts without a teacher row
};

/// Takes as long as reading the files does: not for the GUI thread.
Result<Examples> readExamples(const Experiment& experiment, const LoadContext& context);

} // namespace stillroom
