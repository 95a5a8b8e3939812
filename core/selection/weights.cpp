#include "core/selection/weights.h"

#include "core/base/check_schedule.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace stillroom {

namespace {

// The exponents people use are 0 and 1; pow costs more than the rest of the rule.
double power(double base, double exponent) {
    if (exponent == 0)
        return 1;
    return exponent == 1 ? base : std::pow(base, exponent);
}

} // namespace

bool weightsNeedUncertainty(const SelectionSettings& settings) {
    return settings.weight != Weighting::Uniform && !alwaysZero(settings.beta);
}

void weigh(const SelectionSettings& settings, const Batch& batch, Decision& decision) {
    const std::size_t size = decision.keep.size();
    decision.weights.resize(size);
    std::int32_t kept = 0;
    for (const auto keep : decision.keep)
        kept += keep;
    decision.kept = kept;
    const auto uniform = [&] {
        std::transform(decision.keep.begin(), decision.keep.end(), decision.weights.begin(),
                       [](std::uint8_t keep) { return static_cast<float>(keep); });
    };
    if (settings.weight == Weighting::Uniform || decision.kept == 0) {
        uniform();
        return;
    }
    const double alpha = settings.alpha.at(batch.place);
    const double beta = settings.beta.at(batch.place);
    const bool looksAtUncertainty = beta != 0;
    assert(!looksAtUncertainty || batch.uncertainties.size() == size);
    const auto weightOf = [&](std::size_t i) -> double {
        const double c = batch.confidences[i];
        const double u = looksAtUncertainty ? static_cast<double>(batch.uncertainties[i]) : 0.0;
        if (settings.weight == Weighting::Product)
            return power(c, alpha) * power(u, beta);
        return alpha * c + beta * u;
    };
    // In floats between the two passes: a weight is at most α + β, and the mean is what has to be exact.
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const double weight = decision.keep[i] != 0 ? weightOf(i) : 0.0;
        decision.weights[i] = static_cast<float>(weight);
        sum += weight;
    }
    if (!(sum > 0)) {
        uniform();
        return;
    }
    const double scale = static_cast<double>(decision.kept) / sum;
    for (auto& weight : decision.weights)
        weight = static_cast<float>(weight * scale);
}

} // namespace stillroom
