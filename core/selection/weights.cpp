#include "core/selection/weights.h"

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
    return settings.weight != Weighting::Uniform && settings.beta != 0;
}

void weigh(const SelectionSettings& settings, const Batch& batch, Decision& decision) {
    const std::size_t size = decision.keep.size();
    decision.weights.resize(size);
    decision.kept =
        std::count_if(decision.keep.begin(), decision.keep.end(), [](auto kept) { return kept != 0; });
    const auto uniform = [&] {
        for (std::size_t i = 0; i < size; ++i)
            decision.weights[i] = decision.keep[i] != 0 ? 1.0F : 0.0F;
    };
    if (settings.weight == Weighting::Uniform || decision.kept == 0) {
        uniform();
        return;
    }
    const bool looksAtUncertainty = weightsNeedUncertainty(settings);
    assert(!looksAtUncertainty || batch.uncertainties.size() == size);
    const auto weightOf = [&](std::size_t i) -> double {
        const double c = batch.confidences[i];
        const double u = looksAtUncertainty ? static_cast<double>(batch.uncertainties[i]) : 0.0;
        if (settings.weight == Weighting::Product)
            return power(c, settings.alpha) * power(u, settings.beta);
        return settings.alpha * c + settings.beta * u;
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
