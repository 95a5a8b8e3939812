// A student written for other programs, and held against itself before anybody is told that it is there.
#pragma once

#include "core/engine/engine.h"

namespace stillroom {

/// As Engine::exportStudent; LibTorch's exceptions are made sentences.
Result<StudentExported> exportStudentFile(const StudentExport& request, Progress* progress);

} // namespace stillroom
