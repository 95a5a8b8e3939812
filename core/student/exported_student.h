// A student that lives in an export: texts in by the facts beside the model, probabilities out by the model.
#pragma once

#include "core/engine/engine.h"
#include "core/student/export_parts.h"

#include <memory>

namespace stillroom {

/// `folder`: what an export was written to. Errors: no export, damaged. What LibTorch throws is made a
/// sentence.
Result<std::unique_ptr<Student>> openExportedStudent(const std::string& folder);

/// The model's file below the folder: "model.pt", "model.onnx", "model.safetensors", "student.safetensors".
[[nodiscard]] const char* modelFile(ExportFormat format);

} // namespace stillroom
