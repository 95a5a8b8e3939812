// Where results may be written: never over what they are made of.
#pragma once

#include "core/base/result.h"

#include <string>

namespace stillroom {

/// `from`: a run's folder, or a student's .safetensors, which may lie in a run's folder. Errors: `out`, links
/// followed, is that student, or lies in that run's folder and not below its output/.
Result<void> outsideRun(const std::string& out, const std::string& from);

} // namespace stillroom
