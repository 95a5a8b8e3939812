#include "core/experiment/mcnemar.h"

#include "core/experiment/distributions.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>

namespace stillroom {

McNemarResult mcnemarTest(std::int64_t onlyFirst, std::int64_t onlySecond) {
    McNemarResult result;
    result.onlyFirst = onlyFirst;
    result.onlySecond = onlySecond;
    result.rows = onlyFirst + onlySecond;
    result.exactP = signTestTwoSided(onlyFirst, onlyFirst + onlySecond);
    if (onlyFirst == onlySecond)
        return result;
    const auto difference = static_cast<double>(std::abs(onlyFirst - onlySecond) - 1);
    result.chiSquare = difference * difference / static_cast<double>(onlyFirst + onlySecond);
    result.chiSquareP = chiSquareAbove(result.chiSquare, 1);
    return result;
}

McNemarResult mcnemarTest(std::span<const std::int32_t> gold, std::span<const std::int32_t> first,
                          std::span<const std::int32_t> second) {
    assert(gold.size() == first.size() && gold.size() == second.size());
    std::int64_t onlyFirst = 0;
    std::int64_t onlySecond = 0;
    for (std::size_t i = 0; i < gold.size(); ++i) {
        onlyFirst += first[i] == gold[i] && second[i] != gold[i] ? 1 : 0;
        onlySecond += first[i] != gold[i] && second[i] == gold[i] ? 1 : 0;
    }
    McNemarResult result = mcnemarTest(onlyFirst, onlySecond);
    result.rows = static_cast<std::int64_t>(gold.size());
    return result;
}

} // namespace stillroom
