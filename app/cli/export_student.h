// `export` of a student.
#pragma once

#include "app/cli/options.h"
#include "core/engine/student_export.h"

namespace stillroom::cli {

int exportStudentCommand(const Options& options, ExportFormat format);

} // namespace stillroom::cli
