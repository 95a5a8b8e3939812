// Preloaded into a program (LD_PRELOAD), it makes the n-th call fail that writes below a folder: write, sync,
// rename, truncate, make a folder or a link, open for writing. After SQLite's own way of testing:
// sqlite.org/testing.html, 3.2 (I/O errors) and 3.3 (crashes).
//
//   STILLROOM_FAIL_BELOW   the folder, absolute and without links
//   STILLROOM_FAIL_AT      n, from 1; 0: none, calls are only listed
//   STILLROOM_FAIL_HOW     eio: that call alone reports EIO, half of what it was to write written
//                          full: from then on what needs room reports ENOSPC; that call still writes half
//                          kill: the process is killed (SIGKILL) at that call, half of what it was to write
//                          written
//   STILLROOM_FAIL_LOG     a file elsewhere: a line for each call, "number name path", the failing one with a
//   '!'
//
// Only for programs without a sanitizer, which wants to be loaded first itself.
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

enum class How { Eio, Full, Kill };

struct Plan {
    std::string below;
    long at = 0;
    How how = How::Eio;
    int log = -1;
};

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view() : value;
}

const Plan& plan() {
    static const Plan made = [] {
        Plan p;
        p.below = variable("STILLROOM_FAIL_BELOW");
        p.at = std::atol(std::string(variable("STILLROOM_FAIL_AT")).c_str());
        const auto how = variable("STILLROOM_FAIL_HOW");
        p.how = how == "full" ? How::Full : how == "kill" ? How::Kill : How::Eio;
        if (const std::string log(variable("STILLROOM_FAIL_LOG")); !log.empty())
            p.log = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, log.c_str(),
                                               O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
        return p;
    }();
    return made;
}

std::atomic<long> calls{0};
std::atomic<bool> diskIsFull{false};

std::string pathOf(int descriptor) {
    char link[64], path[4096];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = ::readlink(link, path, sizeof path);
    return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : std::string();
}

std::string absolute(int folder, const char* path) {
    if (path[0] == '/')
        return path;
    char here[4096] = {};
    if (folder == AT_FDCWD)
        return std::string(::getcwd(here, sizeof here) != nullptr ? here : "") + '/' + path;
    return pathOf(folder) + '/' + path;
}

enum class Need { Room, Nothing }; ///< whether a full disk refuses it
enum class Fate { Goes, Fails, Torn };

/// Counts the call and says what becomes of it; errno is set when it fails. Torn: half of what is to be
/// written is, and then it is as `afterTorn` says.
Fate fateOf(const char* name, const std::string& path, Need need, bool writes) {
    const Plan& p = plan();
    if (p.below.empty() || path.compare(0, p.below.size(), p.below) != 0)
        return Fate::Goes;
    const long number = ++calls;
    const bool chosen = number == p.at;
    if (p.log >= 0) {
        const std::string line =
            (chosen ? "!" : "") + std::to_string(number) + ' ' + name + ' ' + path + '\n';
        ::syscall(SYS_write, p.log, line.data(), line.size());
    }
    if (chosen && p.how == How::Kill && !writes)
        ::syscall(SYS_kill, ::getpid(), SIGKILL);
    if (chosen && p.how == How::Full)
        diskIsFull = true;
    if (chosen && writes)
        return Fate::Torn;
    if (diskIsFull && need == Need::Room) {
        errno = ENOSPC;
        return Fate::Fails;
    }
    if (chosen && p.how == How::Eio) {
        errno = EIO;
        return Fate::Fails;
    }
    return Fate::Goes;
}

/// What a write that was torn returns, `written` of it done.
ssize_t afterTorn(ssize_t written) {
    switch (plan().how) {
    case How::Kill:
        ::syscall(SYS_kill, ::getpid(), SIGKILL);
        break;
    case How::Full:
        if (written > 0)
            return written;
        errno = ENOSPC;
        return -1;
    case How::Eio:
        break;
    }
    errno = EIO;
    return -1;
}

/// The function of this name that would be called without this library.
template <class Function>
Function next(const char* name) {
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

int opened(const char* name, int folder, const char* path, int flags, mode_t mode) {
    if ((flags & (O_WRONLY | O_RDWR)) != 0) {
        const std::string whole = absolute(folder, path);
        struct stat about {};
        const bool isNew = (flags & O_CREAT) != 0 && ::lstat(whole.c_str(), &about) != 0;
        if (fateOf(name, whole, isNew ? Need::Room : Need::Nothing, false) != Fate::Goes)
            return -1;
    }
    return static_cast<int>(::syscall(SYS_openat, folder, path, flags, mode));
}

mode_t modeIn(int flags, std::va_list arguments) {
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
}

ssize_t pwritten(const char* name, int file, const void* bytes, std::size_t count, off_t offset) {
    const auto write = next<ssize_t (*)(int, const void*, std::size_t, off_t)>("pwrite64");
    switch (fateOf(name, pathOf(file), Need::Room, true)) {
    case Fate::Goes:
        return write(file, bytes, count, offset);
    case Fate::Torn:
        return afterTorn(write(file, bytes, count / 2, offset));
    case Fate::Fails:
        break;
    }
    return -1;
}

int truncated(const char* name, int file, off_t size) {
    struct stat about {};
    const bool grows = ::fstat(file, &about) == 0 && size > about.st_size;
    if (fateOf(name, pathOf(file), grows ? Need::Room : Need::Nothing, false) != Fate::Goes)
        return -1;
    return next<int (*)(int, off_t)>("ftruncate64")(file, size);
}

} // namespace

extern "C" {

int open(const char* path, int flags, ...) {
    std::va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = modeIn(flags, arguments);
    va_end(arguments);
    return opened("open", AT_FDCWD, path, flags, mode);
}

int open64(const char* path, int flags, ...) {
    std::va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = modeIn(flags, arguments);
    va_end(arguments);
    return opened("open", AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
    std::va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = modeIn(flags, arguments);
    va_end(arguments);
    return opened("openat", folder, path, flags, mode);
}

int openat64(int folder, const char* path, int flags, ...) {
    std::va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = modeIn(flags, arguments);
    va_end(arguments);
    return opened("openat", folder, path, flags, mode);
}

ssize_t write(int file, const void* bytes, std::size_t count) {
    const auto real = next<ssize_t (*)(int, const void*, std::size_t)>("write");
    switch (fateOf("write", pathOf(file), Need::Room, true)) {
    case Fate::Goes:
        return real(file, bytes, count);
    case Fate::Torn:
        return afterTorn(real(file, bytes, count / 2));
    case Fate::Fails:
        break;
    }
    return -1;
}

ssize_t writev(int file, const iovec* parts, int count) {
    const auto real = next<ssize_t (*)(int, const iovec*, int)>("writev");
    switch (fateOf("writev", pathOf(file), Need::Room, true)) {
    case Fate::Goes:
        return real(file, parts, count);
    case Fate::Torn:
        return afterTorn(real(file, parts, count / 2));
    case Fate::Fails:
        break;
    }
    return -1;
}

ssize_t pwrite(int file, const void* bytes, std::size_t count, off_t offset) {
    return pwritten("pwrite", file, bytes, count, offset);
}

ssize_t pwrite64(int file, const void* bytes, std::size_t count, off64_t offset) {
    return pwritten("pwrite64", file, bytes, count, offset);
}

int ftruncate(int file, off_t size) noexcept {
    return truncated("ftruncate", file, size);
}

int ftruncate64(int file, off64_t size) noexcept {
    return truncated("ftruncate64", file, size);
}

int fsync(int file) {
    return fateOf("fsync", pathOf(file), Need::Nothing, false) == Fate::Goes
               ? next<int (*)(int)>("fsync")(file)
               : -1;
}

int fdatasync(int file) {
    return fateOf("fdatasync", pathOf(file), Need::Nothing, false) == Fate::Goes
               ? next<int (*)(int)>("fdatasync")(file)
               : -1;
}

int rename(const char* from, const char* to) noexcept {
    return fateOf("rename", absolute(AT_FDCWD, to), Need::Nothing, false) == Fate::Goes
               ? next<int (*)(const char*, const char*)>("rename")(from, to)
               : -1;
}

int renameat(int fromFolder, const char* from, int toFolder, const char* to) noexcept {
    return fateOf("renameat", absolute(toFolder, to), Need::Nothing, false) == Fate::Goes
               ? next<int (*)(int, const char*, int, const char*)>("renameat")(fromFolder, from, toFolder, to)
               : -1;
}

int renameat2(int fromFolder, const char* from, int toFolder, const char* to, unsigned int flags) noexcept {
    return fateOf("renameat2", absolute(toFolder, to), Need::Nothing, false) == Fate::Goes
               ? next<int (*)(int, const char*, int, const char*, unsigned int)>("renameat2")(
                     fromFolder, from, toFolder, to, flags)
               : -1;
}

int mkdir(const char* path, mode_t mode) noexcept {
    return fateOf("mkdir", absolute(AT_FDCWD, path), Need::Room, false) == Fate::Goes
               ? next<int (*)(const char*, mode_t)>("mkdir")(path, mode)
               : -1;
}

int mkdirat(int folder, const char* path, mode_t mode) noexcept {
    return fateOf("mkdirat", absolute(folder, path), Need::Room, false) == Fate::Goes
               ? next<int (*)(int, const char*, mode_t)>("mkdirat")(folder, path, mode)
               : -1;
}

int symlink(const char* target, const char* path) noexcept {
    return fateOf("symlink", absolute(AT_FDCWD, path), Need::Room, false) == Fate::Goes
               ? next<int (*)(const char*, const char*)>("symlink")(target, path)
               : -1;
}

int symlinkat(const char* target, int folder, const char* path) noexcept {
    return fateOf("symlinkat", absolute(folder, path), Need::Room, false) == Fate::Goes
               ? next<int (*)(const char*, int, const char*)>("symlinkat")(target, folder, path)
               : -1;
}

int link(const char* target, const char* path) noexcept {
    return fateOf("link", absolute(AT_FDCWD, path), Need::Room, false) == Fate::Goes
               ? next<int (*)(const char*, const char*)>("link")(target, path)
               : -1;
}

int linkat(int fromFolder, const char* target, int folder, const char* path, int flags) noexcept {
    return fateOf("linkat", absolute(folder, path), Need::Room, false) == Fate::Goes
               ? next<int (*)(int, const char*, int, const char*, int)>("linkat")(fromFolder, target, folder,
                                                                                  path, flags)
               : -1;
}

} // extern "C"
