// wilcoxonTest of core/experiment/paired_tests.h.
#include "core/experiment/distributions.h"
#include "core/experiment/paired_tests.h"
#include "core/experiment/rank_values.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace stillroom {

namespace {

constexpr std::size_t ExactWithoutTies = 50;
constexpr std::size_t ExactWithTies = 13;

/// Of twice the lower tail; a symmetric distribution's both tails.
double twoSided(double tail) {
    return std::min(1.0, 2 * tail);
}

/// The probability that the ranks 1 … n with random signs have a positive sum of at most `smaller`: ways
/// counted rank by rank.
double exactTail(std::size_t n, double smaller) {
    const std::size_t total = n * (n + 1) / 2;
    std::vector<double> ways(total + 1, 0.0);
    ways[0] = 1;
    for (std::size_t rank = 1; rank <= n; ++rank)
        for (std::size_t sum = rank * (rank + 1) / 2; sum >= rank; --sum)
            ways[sum] += ways[sum - rank];
    double tail = 0;
    for (std::size_t sum = 0; sum <= std::min(total, static_cast<std::size_t>(smaller)); ++sum)
        tail += ways[sum];
    return tail / std::pow(2.0, static_cast<double>(n));
}

/// The same of any ranks, by all assignments of signs.
double permutedTail(std::span<const double> ranks, double smaller) {
    const std::uint64_t all = std::uint64_t{1} << ranks.size();
    std::uint64_t asFar = 0;
    for (std::uint64_t signs = 0; signs < all; ++signs) {
        double sum = 0;
        for (std::size_t i = 0; i < ranks.size(); ++i)
            sum += (signs >> i & 1U) != 0 ? ranks[i] : 0; // halves: exact
        asFar += sum <= smaller ? 1U : 0U;
    }
    return static_cast<double>(asFar) / static_cast<double>(all);
}

double normalTail(std::size_t count, double tieTerm, double smaller) {
    const auto n = static_cast<double>(count);
    const double mean = n * (n + 1) / 4;
    const double variance = (n * (n + 1) * (2 * n + 1) - tieTerm / 2) / 24;
    return variance > 0 ? normalCdf((smaller - mean) / std::sqrt(variance)) : 0.5;
}

} // namespace

TestResult wilcoxonTest(std::span<const double> differences) {
    std::vector<double> sizes;
    std::vector<bool> positive;
    for (const double difference : differences)
        if (difference != 0) {
            sizes.push_back(std::fabs(difference));
            positive.push_back(difference > 0);
        }
    if (sizes.empty())
        return {};
    const Ranks ranked = rankValues(sizes);
    double plus = 0;
    double minus = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i)
        (positive[i] ? plus : minus) += ranked.ranks[i];
    const double smaller = std::min(plus, minus);
    const bool plain = !ranked.tied && sizes.size() == differences.size();
    if (plain && differences.size() <= ExactWithoutTies)
        return {smaller, twoSided(exactTail(sizes.size(), smaller))};
    if (!plain && differences.size() <= ExactWithTies)
        return {smaller, twoSided(permutedTail(ranked.ranks, smaller))};
    return {smaller, twoSided(normalTail(sizes.size(), ranked.tieTerm, smaller))};
}

} // namespace stillroom
