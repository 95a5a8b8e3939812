#include "core/experiment/friedman.h"

#include "core/experiment/distributions.h"
#include "core/experiment/rank_values.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace stillroom {

std::optional<FriedmanResult> friedmanTest(const std::vector<std::vector<double>>& values) {
    if (values.size() < 2 || values.front().size() < 2)
        return std::nullopt;
    const std::size_t count = values.front().size();
    FriedmanResult result;
    result.dataSets = values.size();
    result.averageRanks.assign(count, 0.0);
    double ties = 0;
    for (const auto& row : values) {
        assert(row.size() == count);
        std::vector<double> lowestFirst;
        for (const double value : row)
            lowestFirst.push_back(-value);
        const Ranks ranked = rankValues(lowestFirst);
        for (std::size_t c = 0; c < count; ++c)
            result.averageRanks[c] += ranked.ranks[c];
        ties += ranked.tieTerm;
    }
    const auto k = static_cast<double>(count);
    const auto n = static_cast<double>(values.size());
    double squares = 0;
    for (auto& rank : result.averageRanks) {
        squares += rank * rank;
        rank /= n;
    }
    const double correction = 1 - ties / (n * k * (k * k - 1));
    if (correction <= 0)
        return result;
    result.chiSquare = (12 / (n * k * (k + 1)) * squares - 3 * n * (k + 1)) / correction;
    result.p = chiSquareAbove(std::max(0.0, result.chiSquare), k - 1);
    return result;
}

double nemenyiDifference(std::size_t configurations, std::size_t dataSets, double level) {
    const auto k = static_cast<double>(configurations);
    return normalRangeQuantile(level, static_cast<int>(configurations)) / std::sqrt(2.0) *
           std::sqrt(k * (k + 1) / (6 * static_cast<double>(dataSets)));
}

} // namespace stillroom
