// Whole processes, timed from outside with the system's own accounting. Linux.
#pragma once

#include <string>
#include <vector>

namespace stillroom::benchmark {

struct ProcessTime {
    double wallSeconds = 0;
    double cpuSeconds = 0; ///< user and system, children that were waited for included
    double peakMegabytes = 0;
    int exitCode = -1;
};

/// Runs `command` (program and arguments, PATH searched), its output thrown away, and waits for it.
[[nodiscard]] ProcessTime timeProcess(const std::vector<std::string>& command);

/// A and B in turn, `pairs` times after one uncounted turn each (caches, page cache). Exits the program with
/// a sentence when one of them fails.
struct PairedTimes {
    std::vector<double> a, b;           ///< wall seconds
    double peakMegabytesA = 0;          ///< the largest seen
    [[nodiscard]] double ratio() const; ///< median of the pairs' ratios
    /// "0.21 (2.1 s against 9.9 s, medians of 5)"
    [[nodiscard]] std::string describe() const;
};
[[nodiscard]] PairedTimes timePairs(const std::vector<std::vector<std::string>>& a,
                                    const std::vector<std::vector<std::string>>& b, int pairs);

} // namespace stillroom::benchmark
