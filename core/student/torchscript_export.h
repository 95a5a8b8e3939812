// A student as TorchScript: one file that torch.jit.load reads, in Python or C++, from LibTorch 1.13 on.
#pragma once

#include "core/student/export_parts.h"

namespace stillroom {

/// forward(ngrams) or forward(input_ids, attention_mask) → probabilities (export_parts.h). Within the file:
/// the attribute `classes`, and as extra files stillroom.json (`facts`) and tokenizer/NAME. Small weights are
/// widened as they are used. Errors: disk. LibTorch's exceptions pass through.
Result<void> writeTorchScript(const std::string& path, const ExportParts& parts, const ExportFacts& facts);

/// Errors: not readable. LibTorch's exceptions pass through.
Result<ExportedForward> openTorchScript(const std::string& path);

} // namespace stillroom
