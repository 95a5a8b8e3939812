#include "core/experiment/paired_tests.h"

#include "core/base/random.h"
#include "core/experiment/distributions.h"
#include "core/experiment/sample_statistics.h"

#include <cmath>
#include <limits>

namespace stillroom {

namespace {

constexpr std::size_t ExactFlips = 14;

/// The sum of at most 64 differences with the signs of `flips`' bits changed.
double flippedSum(std::span<const double> differences, std::uint64_t flips) {
    double sum = 0;
    for (std::size_t i = 0; i < differences.size(); ++i)
        sum += (flips >> i & 1U) != 0 ? -differences[i] : differences[i];
    return sum;
}

double randomlyFlippedSum(std::span<const double> differences, Random& random) {
    double sum = 0;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < differences.size(); ++i) {
        bits = i % 64 == 0 ? random.next() : bits >> 1U;
        sum += (bits & 1U) != 0 ? -differences[i] : differences[i];
    }
    return sum;
}

double over(double mean, double spread) {
    if (spread > 0)
        return mean / spread;
    return mean == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), mean);
}

} // namespace

TestResult pairedTTest(std::span<const double> differences) {
    if (differences.size() < 2)
        return {};
    const SampleStatistics said = describe(differences);
    const auto n = static_cast<double>(said.count);
    const double t = over(said.mean, said.deviation / std::sqrt(n));
    return {t, studentTwoSided(t, n - 1)};
}

TestResult signFlipTest(std::span<const double> differences, std::uint64_t seed) {
    if (differences.empty())
        return {};
    const SampleStatistics said = describe(differences);
    double sum = 0;
    double size = 0;
    for (const double difference : differences) {
        sum += difference;
        size += std::fabs(difference);
    }
    // Sums of the same numbers in other signs that are equal may differ by their rounding.
    const double seen = std::fabs(sum) - 1e-12 * size;
    const std::uint64_t all = std::uint64_t{1} << std::min(differences.size(), ExactFlips);
    std::uint64_t asFar = 0;
    if (differences.size() <= ExactFlips) {
        for (std::uint64_t flips = 0; flips < all; ++flips)
            asFar += std::fabs(flippedSum(differences, flips)) >= seen ? 1U : 0U;
    } else {
        Random random(seed, "sign flips");
        asFar = 1; // the one that was seen
        for (std::uint64_t i = 1; i < all; ++i)
            asFar += std::fabs(randomlyFlippedSum(differences, random)) >= seen ? 1U : 0U;
    }
    return {said.mean, static_cast<double>(asFar) / static_cast<double>(all)};
}

double cohenDz(std::span<const double> differences) {
    const SampleStatistics said = describe(differences);
    return said.count == 0 ? 0 : over(said.mean, said.deviation);
}

double hedgesGz(std::span<const double> differences) {
    const double d = cohenDz(differences);
    return differences.size() < 3 ? d : d * hedgesCorrection(static_cast<double>(differences.size() - 1));
}

} // namespace stillroom
