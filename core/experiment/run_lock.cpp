#include "core/experiment/run_lock.h"

#include "core/files/atomic_file.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace stillroom {

namespace {

std::string lockFile(const std::string& runFolder) {
    return runFolder + "/run.lock";
}

/// Of the whole file. Of the open file, not of the process: it does not go when another descriptor of the
/// same file is closed, and two runs of one process are two.
struct flock wholeFile(short type) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

} // namespace

Result<std::unique_ptr<RunLock>> RunLock::take(const std::string& runFolder) {
    const std::string path = lockFile(runFolder);
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return fail(fmt::format("cannot write {}: {}", path, describeErrno(errno)));
    std::unique_ptr<RunLock> lock(new RunLock(descriptor));
    struct flock whole = wholeFile(F_WRLCK);
    if (::fcntl(descriptor, F_OFD_SETLK, &whole) != 0 && (errno == EAGAIN || errno == EACCES))
        return fail(fmt::format("{} is being written by another process; wait for it to end", runFolder));
    return lock;
}

RunLock::~RunLock() {
    ::close(descriptor_);
}

bool isRunning(const std::string& runFolder) {
    const int descriptor = ::open(lockFile(runFolder).c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    struct flock whole = wholeFile(F_RDLCK);
    const bool held = ::fcntl(descriptor, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    ::close(descriptor);
    return held;
}

} // namespace stillroom
