// What a run's best student said of each test row, and two runs laid beside each other.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stillroom {

/// Test rows with gold, in the order of the data; all three have the same length.
struct TestPredictions {
    std::vector<std::uint32_t> rows;
    std::vector<std::int32_t> gold, predicted;
};

/// Nothing: the run has no end, no test, or is of a format before 3, which did not keep them. Errors as in
/// summarizeRun. Reads a file: not for the GUI's thread.
Result<std::optional<TestPredictions>> readTestPredictions(const std::string& runFolder);

/// Whether both are of the same rows: the same distances between them and the same gold. Where the test
/// begins in the data may differ: two runs may have read different training texts before it.
[[nodiscard]] bool sameTestRows(const TestPredictions& a, const TestPredictions& b);

} // namespace stillroom
