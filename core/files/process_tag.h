// Whose a temporary is, by its name: the machine's tag and the process's number.
#pragma once

#include <string>
#include <sys/types.h>

namespace stillroom {

/// Four hex digits for this machine: on a shared file system a process number says nothing about those of
/// other machines.
[[nodiscard]] std::string hostTag();

/// Whether a process of this machine has that number.
[[nodiscard]] bool isProcessAlive(pid_t pid);

} // namespace stillroom
