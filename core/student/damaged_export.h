// What is said of an export that cannot be read back; without LibTorch, which onnx_file.cpp must not meet.
#pragma once

#include "core/base/result.h"

#include <string>

namespace stillroom {

/// `path`: as sentences name it; `what` is wrong with it.
inline tl::unexpected<Error> damagedExport(const std::string& path, const std::string& what) {
    return fail(path + " is not a usable export: " + what + "; export the student again");
}

} // namespace stillroom
