#include "core/lab/density_map.h"

#include "core/lab/half_bounds.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace stillroom {

namespace {

/// As the windows of a run bin confidences: 0.29 is a little less than 29/100 as a float, and belongs into
/// cell 29.
constexpr float Nudge = 1e-4F;

std::uint32_t cellOf(float value, int cells) {
    return static_cast<std::uint32_t>(
        std::clamp(static_cast<int>(value * static_cast<float>(cells) + Nudge), 0, cells - 1));
}

constexpr std::size_t OneAsHalf = 0x3C00;

/// The first cell of the row of each half from 0 to 1: a look-up instead of a conversion for each sample.
std::vector<std::uint32_t> rowStarts(int columns, int rows) {
    std::vector<std::uint32_t> starts(OneAsHalf + 1);
    for (std::size_t half = 0; half <= OneAsHalf; ++half)
        starts[half] =
            cellOf(fromHalf(static_cast<std::uint16_t>(half)), rows) * static_cast<std::uint32_t>(columns);
    return starts;
}

} // namespace

void densityOf(const SampleTable& table, std::span<const SampleTrace> traces, int label, int columns,
               int rows, DensityMap& map) {
    assert(columns > 0 && rows > 0);
    assert(traces.empty() || traces.size() == table.size());
    const std::size_t cells = static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
    map.columns = columns;
    map.rows = rows;
    map.all.assign(cells, 0);
    map.right.assign(cells, 0);
    map.wrong.assign(cells, 0);
    map.largest = 0;
    map.samples = 0;
    map.notScored = 0;
    const auto starts = rowStarts(columns, rows);
    // Each sample is counted once, by what is known of its label; `all` is made the sum afterwards.
    const std::array<std::uint32_t*, 3> grids = {map.all.data(), map.wrong.data(), map.right.data()};
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (label >= 0 && table.labels[i] != label)
            continue;
        const std::uint16_t half = traces.empty() ? std::uint16_t{0x7E00} : halfOf(traces[i]);
        if (half > HalfInfinity) {
            ++map.notScored;
            continue;
        }
        ++map.samples;
        const std::int32_t gold = table.gold[i];
        const auto grid =
            static_cast<std::size_t>(gold >= 0) + static_cast<std::size_t>(gold == table.labels[i]);
        ++grids[grid][starts[std::min<std::size_t>(half, OneAsHalf)] + cellOf(table.confidences[i], columns)];
    }
    for (std::size_t cell = 0; cell < cells; ++cell) {
        map.all[cell] += map.wrong[cell] + map.right[cell];
        map.largest = std::max(map.largest, map.all[cell]);
    }
}

} // namespace stillroom
