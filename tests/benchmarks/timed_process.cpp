#include "tests/benchmarks/timed_process.h"

#include "tests/benchmarks/numbers.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace stillroom::benchmark {

ProcessTime timeProcess(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const auto& argument : command)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    const auto begin = std::chrono::steady_clock::now();
    const pid_t child = fork();
    if (child == 0) {
        const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
        dup2(nowhere, STDIN_FILENO);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        execvp(arguments[0], arguments.data());
        _exit(127);
    }
    int status = 0;
    rusage usage = {};
    wait4(child, &status, 0, &usage);
    ProcessTime time;
    time.wallSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    time.cpuSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    time.peakMegabytes = static_cast<double>(usage.ru_maxrss) / 1024;
    time.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return time;
}

double PairedTimes::ratio() const {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < a.size(); ++i)
        ratios.push_back(a[i] / b[i]);
    return median(ratios);
}

std::string PairedTimes::describe() const {
    return fmt::format("{:.3f} ({:.2f} s against {:.2f} s, medians of {} pairs)", ratio(), median(a),
                       median(b), a.size());
}

PairedTimes timePairs(const std::vector<std::vector<std::string>>& a,
                      const std::vector<std::vector<std::string>>& b, int pairs) {
    PairedTimes times;
    const auto run = [&](const std::vector<std::vector<std::string>>& commands, double* peak) {
        double wall = 0;
        for (const auto& command : commands) {
            const ProcessTime time = timeProcess(command);
            if (time.exitCode != 0) {
                fmt::print(stderr, "'{}' ended with exit code {}\n", fmt::join(command, " "), time.exitCode);
                std::exit(1);
            }
            wall += time.wallSeconds;
            if (peak)
                *peak = std::max(*peak, time.peakMegabytes);
        }
        return wall;
    };
    for (int i = 0; i <= pairs; ++i) {
        const double wallA = run(a, &times.peakMegabytesA);
        const double wallB = run(b, nullptr);
        if (i == 0)
            continue;
        times.a.push_back(wallA);
        times.b.push_back(wallB);
    }
    return times;
}

} // namespace stillroom::benchmark
