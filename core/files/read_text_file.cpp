#include "core/files/read_text_file.h"

#include "core/base/number.h"
#include "core/files/atomic_file.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace stillroom {

namespace {

struct Descriptor {
    int number;
    ~Descriptor() {
        if (number >= 0)
            close(number);
    }
};

} // namespace

Result<std::string> readTextFile(const std::string& path, std::size_t limit, const std::string& because) {
    const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.number < 0)
        return fail(errno == ENOENT ? fmt::format("{}: there is no such file", path)
                                    : fmt::format("{} cannot be read: {}", path, describeErrno(errno)));
    struct stat about {};
    if (fstat(file.number, &about) != 0)
        return fail(fmt::format("{} cannot be read: {}", path, describeErrno(errno)));
    if (S_ISDIR(about.st_mode))
        return fail(fmt::format("{} is a folder, not a file", path));
    if (S_ISREG(about.st_mode) && static_cast<std::size_t>(about.st_size) > limit)
        return fail(fmt::format("{} has {} bytes, more than the {} allowed; {}", path,
                                groupThousands(about.st_size), groupThousands(static_cast<long long>(limit)),
                                because));
    std::string text;
    char buffer[16384];
    for (;;) {
        const ssize_t got = read(file.number, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(fmt::format("{} cannot be read: {}", path, describeErrno(errno)));
        if (got == 0)
            return text;
        text.append(buffer, static_cast<std::size_t>(got));
        if (text.size() > limit) // a pipe, or a file that grows
            return fail(fmt::format("{} has more than the {} bytes allowed; {}", path,
                                    groupThousands(static_cast<long long>(limit)), because));
    }
}

} // namespace stillroom
