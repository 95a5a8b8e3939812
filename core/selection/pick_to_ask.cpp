#include "core/selection/pick_to_ask.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

namespace stillroom {

namespace {

/// The places, largest value first, equals in their order.
template <class Value>
std::vector<std::uint32_t> byValue(std::span<const Value> values) {
    std::vector<std::uint32_t> places(values.size());
    std::iota(places.begin(), places.end(), 0U);
    std::stable_sort(places.begin(), places.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return values[a] > values[b]; });
    return places;
}

} // namespace

std::vector<std::uint32_t> pickMostUncertain(std::span<const float> uncertainty, std::size_t count) {
    auto places = byValue(uncertainty);
    places.resize(std::min(count, places.size()));
    return places;
}

std::vector<std::uint32_t> pickByClass(std::span<const float> uncertainty,
                                       std::span<const std::int32_t> labels, int classCount,
                                       std::size_t count) {
    assert(labels.size() == uncertainty.size());
    std::vector<std::vector<std::uint32_t>> queues(static_cast<std::size_t>(classCount));
    for (const auto place : byValue(uncertainty))
        queues[static_cast<std::size_t>(labels[place])].push_back(place);
    std::vector<std::uint32_t> picked;
    count = std::min(count, uncertainty.size());
    for (std::size_t turn = 0; picked.size() < count; ++turn)
        for (const auto& queue : queues)
            if (turn < queue.size() && picked.size() < count)
                picked.push_back(queue[turn]);
    return picked;
}

std::vector<std::uint32_t> pickByChance(std::span<const float> uncertainty, double power, std::size_t count,
                                        Random& random) {
    std::vector<double> scores(uncertainty.size());
    for (std::size_t i = 0; i < scores.size(); ++i) {
        // uniform() may be 0, whose logarithm would be lost; the step is 2^-53.
        const double gumbel = -std::log(-std::log(std::max(random.uniform(), 0x1.0p-53)));
        const auto u = static_cast<double>(uncertainty[i]);
        scores[i] = u > 0 ? power * std::log(u) + gumbel : -std::numeric_limits<double>::infinity();
    }
    auto places = byValue(std::span<const double>(scores));
    places.resize(std::min(count, places.size()));
    return places;
}

} // namespace stillroom
