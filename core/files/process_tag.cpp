#include "core/files/process_tag.h"

#include "core/base/random.h"

#include <cerrno>
#include <csignal>
#include <fmt/format.h>
#include <unistd.h>

namespace stillroom {

std::string hostTag() {
    char name[256] = {};
    ::gethostname(name, sizeof name - 1);
    return fmt::format("{:04x}", static_cast<unsigned>(mix64(fnv1a(name)) & 0xffff));
}

bool isProcessAlive(pid_t pid) {
    return ::kill(pid, 0) == 0 || errno != ESRCH;
}

} // namespace stillroom
