#include "core/experiment/rank_values.h"

#include <algorithm>
#include <numeric>

namespace stillroom {

Ranks rankValues(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    Ranks made;
    made.ranks.resize(values.size());
    for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin + 1;
        while (end < order.size() && values[order[end]] == values[order[begin]])
            ++end;
        const auto equal = static_cast<double>(end - begin);
        const double shared = static_cast<double>(begin + 1 + end) / 2;
        for (std::size_t i = begin; i < end; ++i)
            made.ranks[order[i]] = shared;
        made.tied = made.tied || end - begin > 1;
        made.tieTerm += equal * equal * equal - equal;
        begin = end;
    }
    return made;
}

} // namespace stillroom
