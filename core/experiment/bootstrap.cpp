#include "core/experiment/bootstrap.h"

#include "core/base/random.h"
#include "core/experiment/distributions.h"

#include <algorithm>
#include <cmath>

namespace stillroom {

namespace {

/// Of the statistic without one value each: the third power's sum over that of the squares to the 3/2, a
/// sixth of it (Efron & Tibshirani, equation 14.15).
double acceleration(std::span<const double> values, const Statistic& statistic) {
    std::vector<double> without;
    std::vector<double> jackknife;
    for (std::size_t left = 0; left < values.size(); ++left) {
        without.assign(values.begin(), values.end());
        without.erase(without.begin() + static_cast<std::ptrdiff_t>(left));
        jackknife.push_back(statistic(without));
    }
    const double mean = describe(jackknife).mean;
    double squares = 0;
    double cubes = 0;
    for (const double value : jackknife) {
        squares += (mean - value) * (mean - value);
        cubes += (mean - value) * (mean - value) * (mean - value);
    }
    return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

double meanOf(std::span<const double> values) {
    return describe(values).mean;
}

} // namespace

std::vector<double> bootstrapReplicates(std::span<const double> values, const Statistic& statistic,
                                        const BootstrapSettings& settings) {
    Random random(settings.seed, "bootstrap");
    const auto count = static_cast<std::uint32_t>(values.size());
    std::vector<double> drawn(values.size());
    std::vector<double> replicates;
    replicates.reserve(static_cast<std::size_t>(settings.resamples));
    for (int i = 0; i < settings.resamples; ++i) {
        for (auto& value : drawn)
            value = values[random.below(count)];
        replicates.push_back(statistic(drawn));
    }
    std::sort(replicates.begin(), replicates.end());
    return replicates;
}

Interval percentileInterval(std::span<const double> sortedReplicates, double level) {
    return {sortedQuantile(sortedReplicates, (1 - level) / 2),
            sortedQuantile(sortedReplicates, (1 + level) / 2)};
}

Interval acceleratedInterval(std::span<const double> values, const Statistic& statistic,
                             std::span<const double> sortedReplicates, double level) {
    const double own = statistic(values);
    // Replicates that equal the sample's own value, but for the rounding of their order, count half on each
    // side.
    const double rounding =
        1e-12 * std::max(std::fabs(sortedReplicates.front()), std::fabs(sortedReplicates.back()));
    const auto first = std::lower_bound(sortedReplicates.begin(), sortedReplicates.end(), own - rounding);
    const auto last = std::upper_bound(sortedReplicates.begin(), sortedReplicates.end(), own + rounding);
    const double below =
        static_cast<double>((first - sortedReplicates.begin()) + (last - sortedReplicates.begin())) /
        (2 * static_cast<double>(sortedReplicates.size()));
    if (below <= 0 || below >= 1 || sortedReplicates.front() == sortedReplicates.back())
        return percentileInterval(sortedReplicates, level);
    const double bias = normalQuantile(below);
    const double slant = acceleration(values, statistic);
    const auto quantileFor = [&](double share) {
        const double shifted = bias + normalQuantile(share);
        return sortedQuantile(sortedReplicates, normalCdf(bias + shifted / (1 - slant * shifted)));
    };
    return {quantileFor((1 - level) / 2), quantileFor((1 + level) / 2)};
}

Interval bootstrapMeanInterval(std::span<const double> values, const BootstrapSettings& settings) {
    if (values.size() < 2)
        return {meanOf(values), meanOf(values)};
    return acceleratedInterval(values, meanOf, bootstrapReplicates(values, meanOf, settings), settings.level);
}

} // namespace stillroom
