// A test's work in a process of its own, whose limits, priority or name space it may change.
#pragma once

#include <QByteArray>
#include <functional>
#include <string>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace stillroom::test {

/// What `work` returned, or what it said before it was killed; `status` is that of waitpid.
inline QByteArray inChild(const std::function<std::string()>& work, int* status = nullptr) {
    int ends[2];
    if (::pipe(ends) != 0)
        return "no pipe";
    const pid_t child = ::fork();
    if (child == 0) {
        const std::string answer = work();
        [[maybe_unused]] const auto ignored = ::write(ends[1], answer.data(), answer.size());
        ::_exit(0);
    }
    ::close(ends[1]);
    QByteArray answer;
    char buffer[4096];
    for (ssize_t got = 0; (got = ::read(ends[0], buffer, sizeof buffer)) > 0;)
        answer.append(buffer, static_cast<int>(got));
    ::close(ends[0]);
    int ended = 0;
    ::waitpid(child, &ended, 0);
    if (status != nullptr)
        *status = ended;
    else if (!WIFEXITED(ended))
        return "it was killed";
    return answer;
}

} // namespace stillroom::test
