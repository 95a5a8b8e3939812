// A student against gold, with how far its confidences can be trusted.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/engine/engine.h"

#include <optional>
#include <span>
#include <vector>

namespace stillroom {

struct StudentMeasure {
    Split split = Split::Test;
    std::int64_t rows = 0; ///< that were measured
    std::int64_t all = 0;  ///< that the split has, with gold
    double accuracy = 0;
    double macroF1 = 0;          ///< as in core/engine/metrics.h
    double calibrationError = 0; ///< expected, 15 bins of equal width (core/teacher/calibration.h)
};

/// The split to measure on: test, else validation; nothing where neither has gold.
[[nodiscard]] std::optional<Split> splitToMeasure(const Dataset& data);

/// Its rows with gold; more than `most` (0: all) are thinned evenly.
[[nodiscard]] std::vector<std::uint32_t> rowsToMeasure(const Dataset& data, Split split, std::size_t most);

/// `progress` is advanced by one a row, and may cancel. Errors: classes that the data do not have; cancelled.
Result<StudentMeasure> measureStudent(const Student& student, const Dataset& data, Split split,
                                      std::span<const std::uint32_t> rows, Progress& progress);

} // namespace stillroom
