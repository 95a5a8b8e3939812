// Confidence × uncertainty as counts in a grid: millions of points drawn as one picture.
#pragma once

#include "core/lab/sample_table.h"
#include "core/selection/sample_trace.h"

#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

struct DensityMap {
    int columns = 0;                  ///< cells over confidence 0 … 1, the last closed
    int rows = 0;                     ///< cells over uncertainty 0 … 1, row 0 the lowest
    std::vector<std::uint32_t> all;   ///< columns × rows, row by row: scored samples
    std::vector<std::uint32_t> right; ///< of those with gold, pseudo-label equals gold
    std::vector<std::uint32_t> wrong; ///< of those with gold, it does not
    std::uint32_t largest = 0;        ///< of `all`
    std::int64_t samples = 0;         ///< in the map
    std::int64_t notScored = 0;       ///< left out: the student was not asked
};

/// Over all classes, or one pseudo-label (`label` ≥ 0). `map` is reused.
void densityOf(const SampleTable& table, std::span<const SampleTrace> traces, int label, int columns,
               int rows, DensityMap& map);

} // namespace stillroom
