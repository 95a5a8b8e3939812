// What the benchmarks share: medians, and the numbers on their command lines.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <vector>

namespace stillroom::benchmark {

/// Of at least one value.
[[nodiscard]] inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// What follows `name` (as in "--pairs 5"), at least `least`; `otherwise` where the name is not there.
[[nodiscard]] inline double numberAfter(int argc, char** argv, const std::string& name, double otherwise,
                                        double least = 0) {
    for (int i = 1; i + 1 < argc; ++i)
        if (name == argv[i])
            return std::max(least, std::atof(argv[i + 1]));
    return otherwise;
}

} // namespace stillroom::benchmark
