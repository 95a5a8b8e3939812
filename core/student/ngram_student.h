// A trained `ngram` student, read from its file.
#pragma once

#include "core/engine/engine.h"

#include <memory>
#include <string>

namespace stillroom {

/// Errors: as readNgramFile.
Result<std::unique_ptr<Student>> openNgramStudent(const std::string& path);

} // namespace stillroom
