// A trained student of any kind, from its file.
#pragma once

#include "core/engine/engine.h"

#include <memory>
#include <string>

namespace stillroom {

/// Errors: those of readStudentFile; a kind that is not known; a file whose parts do not fit.
Result<std::unique_ptr<Student>> openStudentFile(const std::string& path);

} // namespace stillroom
