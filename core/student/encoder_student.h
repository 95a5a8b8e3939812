// A trained student that reads with an encoder, from its file.
#pragma once

#include "core/engine/engine.h"
#include "core/student/safetensors.h"

#include <memory>
#include <string>

namespace stillroom {

/// Predicts on the CPU in float32. Errors: as parseEncoderFile, and those of the tokenizer's files.
Result<std::unique_ptr<Student>> openEncoderStudent(const Safetensors& stored, const std::string& path);

} // namespace stillroom
