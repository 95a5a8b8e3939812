// A student as an ONNX model: one file for onnxruntime and others.
#pragma once

#include "core/student/export_parts.h"

namespace stillroom {

/// Inputs and output as in export_parts.h, batch and length free. In metadata_props: stillroom.json (`facts`)
/// and tokenizer/NAME. Errors: larger than the 2 GiB that ONNX's one file can hold; disk.
Result<void> writeOnnx(const std::string& path, const ExportParts& parts, const ExportFacts& facts);

/// Read back by protobuf, passed by onnx's checker, run by onnx_evaluator.h. Errors: damaged, refused by the
/// checker (in its words), an operator that no export of ours has.
Result<ExportedForward> openOnnx(const std::string& path);

} // namespace stillroom
