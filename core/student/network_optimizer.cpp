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

void NetworkOptimizer::putState(TrainingState& state) const {
    for (const auto& target : targets_) {
        state.put("weights." + target.name, target.value);
        if (pending_ > 0 && target.value.grad().defined())
            state.put("gradients." + target.name, target.value.grad());
    }
    for (const auto& [name, tensor] : optimizer_.state())
        state.put("optimizer." + name, tensor);
    state.putNumbers<std::int64_t>("pending updates", std::span(&pending_, 1));
}

bool NetworkOptimizer::takeState(const TrainingState& state) {
    const at::NoGradGuard off;
    const auto pending = state.numbers<std::int64_t>("pending updates", 1);
    if (!pending || pending->front() < 0 || !optimizer_.setState(state.below("optimizer.")))
        return false;
    pending_ = pending->front();
    for (auto& target : targets_) {
        const at::Tensor* value = state.find("weights." + target.name);
        if (value == nullptr || value->sizes() != target.value.sizes())
            return false;
        target.value.copy_(*value);
        target.value.mutable_grad().reset();
        const at::Tensor* gradient = state.find("gradients." + target.name);
        if (gradient == nullptr)
            continue;
        if (gradient->sizes() != target.value.sizes())
            return false;
        target.value.mutable_grad() = gradient->to(target.value.device(), target.value.scalar_type());
    }
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
