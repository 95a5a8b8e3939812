#include "core/student/network_optimizer.h"

#include <ATen/core/grad_mode.h>
#include <cmath>
#include <stdexcept>

namespace stillroom {

namespace {

AdamWSettings settingsOf(const OptimizerSettings& optimizer) {
    AdamWSettings settings;
    settings.weightDecay = optimizer.weightDecay;
    settings.clipNorm = optimizer.clipNorm;
    return settings;
}

} // namespace

NetworkOptimizer::NetworkOptimizer(std::vector<AdamWTarget> targets, const OptimizerSettings& settings)
    : targets_(std::move(targets)), optimizer_(targets_, settingsOf(settings)),
      together_(settings.accumulate) {}

double NetworkOptimizer::share(std::size_t samples) const {
    return 1.0 / (static_cast<double>(samples) * static_cast<double>(together_));
}

bool NetworkOptimizer::updateDone(double learningRate) {
    if (++pending_ < together_)
        return false;
    step(learningRate);
    return true;
}

bool NetworkOptimizer::flush(double learningRate) {
    if (pending_ == 0)
        return false;
    const at::NoGradGuard off;
    const double scale = static_cast<double>(together_) / static_cast<double>(pending_);
    for (const auto& target : targets_)
        if (target.value.grad().defined())
            target.value.mutable_grad().mul_(scale);
    step(learningRate);
    return true;
}

void NetworkOptimizer::step(double learningRate) {
    const double norm = optimizer_.step(learningRate);
    optimizer_.dropGradients();
    pending_ = 0;
    if (!std::isfinite(norm))
        throw std::runtime_error(
            "the gradient is not a finite number any more; lower training.learning_rate, "
            "or set training.precision to fp32");
}

} // namespace stillroom
