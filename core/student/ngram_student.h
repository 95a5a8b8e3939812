// A trained `ngram` student, read from its file.
#pragma once

#include "core/engine/engine.h"
#include "core/student/safetensors.h"

#include <memory>
#include <string>

namespace stillroom {

/// Errors: as parseNgramFile.
Result<std::unique_ptr<Student>> openNgramStudent(const Safetensors& stored, const std::string& path);

} // namespace stillroom
