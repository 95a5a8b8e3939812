// From an experiment to what a session trains on, with all that people want to know of it first.
#pragma once

#include "core/engine/distillation_set.h"
#include "core/experiment/experiment.h"
#include "core/teacher/calibrate.h"
#include "core/teacher/teacher_loader.h"

#include <cstdint>
#include <optional>

namespace stillroom {

struct Prepared {
    DistillationSet set;
    LoadReport report;
    std::int64_t untaught = 0; ///< training texts without a teacher row: left out of training
    TeacherQuality quality;    ///< of the training split; rows == 0 without gold. Of a calibrated teacher:
                               ///< calibration->after, without the rows it was fitted on
    std::optional<TeacherCalibration> calibration; ///< where teacher.calibration is not none
    double seconds = 0;                            ///< that all of it took
};

/// Checks the experiment, reads its files, calibrates the teacher where that is wanted and measures it; a
/// zero-shot teacher is asked, for which the engine is loaded. Errors: those of checkExperiment,
/// loadExamples, findEncoder, zeroShotTeacher and calibrateTeacher. Any thread but the window's: takes as
/// long as reading the files does.
Result<Prepared> prepare(const Experiment& experiment, const LoadContext& context);

} // namespace stillroom
