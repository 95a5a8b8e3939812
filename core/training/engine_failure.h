// What LibTorch or the allocator threw, as a sentence for people.
#pragma once

#include "core/engine/student_settings.h"

#include <exception>
#include <string>

namespace stillroom {

/// "training failed: …", or where memory ran out "training ran out of memory (…); lower …". `doing` begins
/// the sentence; `lower` names the settings that take less memory when they are lower.
[[nodiscard]] std::string engineFailure(const std::exception& error, const std::string& doing,
                                        const std::string& lower);

/// Those of a student that is being trained.
[[nodiscard]] const char* memorySettings(StudentKind kind);

} // namespace stillroom
