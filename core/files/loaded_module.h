// A module that nothing links: a shared library beside our own, opened by name when it is first needed.
#pragma once

#include "core/base/result.h"

#include <string>

namespace stillroom {

/// The function `door` (extern "C") of the module `name` ("libstillroom_torch.so"), to be cast to its type.
/// The module is the one beside this program's libraries, else where the system finds that name; it is never
/// closed. RTLD_LOCAL keeps its many libraries from answering for symbols of ours. Any thread. Errors: what
/// the system says is missing, to be put into a sentence.
Result<void*> moduleDoor(const std::string& name, const char* door);

} // namespace stillroom
