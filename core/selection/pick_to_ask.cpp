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

double SparseTexts::cosine(std::size_t a, std::size_t b) const {
    std::size_t i = a == 0 ? 0 : ends[a - 1];
    std::size_t j = b == 0 ? 0 : ends[b - 1];
    double sum = 0;
    while (i < ends[a] && j < ends[b]) {
        if (features[i] < features[j]) {
            ++i;
        } else if (features[j] < features[i]) {
            ++j;
        } else {
            sum += static_cast<double>(weights[i]) * static_cast<double>(weights[j]);
            ++i;
            ++j;
        }
    }
    return sum;
}

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

std::vector<std::uint32_t> pickFarthest(std::span<const float> uncertainty, const SparseTexts& texts,
                                        std::size_t candidates, std::size_t count) {
    assert(texts.size() == uncertainty.size());
    const auto pool = pickMostUncertain(uncertainty, std::max(candidates, count));
    std::vector<std::uint32_t> picked;
    std::vector<double> nearest(pool.size(), -1); // cosine with the most alike of those picked; 2: is picked
    while (picked.size() < std::min(count, pool.size())) {
        const auto next =
            static_cast<std::size_t>(std::min_element(nearest.begin(), nearest.end()) - nearest.begin());
        picked.push_back(pool[next]);
        for (std::size_t i = 0; i < pool.size(); ++i)
            nearest[i] = std::max(nearest[i], texts.cosine(pool[i], pool[next]));
        nearest[next] = 2;
    }
    return picked;
}

std::vector<std::uint32_t> pickUnlike(std::span<const float> uncertainty, const SparseTexts& texts,
                                      double alike, std::size_t count) {
    assert(texts.size() == uncertainty.size());
    count = std::min(count, uncertainty.size());
    std::vector<std::uint32_t> picked, left;
    for (const auto place : byValue(uncertainty)) {
        if (picked.size() == count)
            return picked;
        const bool known = std::any_of(picked.begin(), picked.end(), [&](std::uint32_t other) {
            return texts.cosine(place, other) >= alike;
        });
        (known ? left : picked).push_back(place);
    }
    left.resize(count - picked.size());
    picked.insert(picked.end(), left.begin(), left.end());
    return picked;
}

} // namespace stillroom
