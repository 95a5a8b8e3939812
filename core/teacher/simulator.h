// A teacher made from gold, with an accuracy, a calibration and a class-dependent confusion of one's choice.
// For teaching, tests and the demo: what it does wrong is known.
#pragma once

#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/teacher/teacher_outputs.h"
#include "core/teacher/teacher_settings.h"

namespace stillroom {

/// Every training row with gold gets a whole vector. The same settings and data give the same outputs on
/// every machine. With overconfidence 0 the confidences are calibrated: among rows of confidence c a share c
/// is right. Errors: no gold; accuracy below 1/K or above 1.
Result<TeacherOutputs> simulateTeacher(const Dataset& dataset, const TeacherSettings& settings);

} // namespace stillroom
