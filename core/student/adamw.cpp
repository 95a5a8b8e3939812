#include "core/student/adamw.h"

#include "core/student/encoder_kernels.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros_like.h>
#include <algorithm>
#include <cassert>
#include <cmath>

namespace stillroom {

namespace {

constexpr double ClipEpsilon = 1e-6; // as clip_grad_norm_ of PyTorch
// Elements whose squares are added up before they join the others: the same for any number of threads.
constexpr std::int64_t Block = 16384;

/// Of one parameter's step.
struct Step {
    double decay; ///< θ is multiplied by it
    double rate;  ///< η/(1−β₁ᵗ)
    double root;  ///< 1/√(1−β₂ᵗ)
    double beta1, beta2, epsilon;
    double scale; ///< of the gradient
};

void update(const Step& step, float* value, const float* gradient, float* m, float* v, std::int64_t count) {
    const AdamWStep inFloat = {static_cast<float>(step.decay), static_cast<float>(step.rate),
                               static_cast<float>(step.root),  static_cast<float>(step.epsilon),
                               static_cast<float>(step.beta1), static_cast<float>(1 - step.beta1),
                               static_cast<float>(step.beta2), static_cast<float>(1 - step.beta2),
                               static_cast<float>(step.scale)};
    encoderKernels().adamW(inFloat, value, gradient, m, v, count);
}

/// float64 is what comparisons are made in, not what anything is trained in: no need to be fast.
void update(const Step& step, double* value, const double* gradient, double* m, double* v,
            std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
        const double g = gradient[i] * step.scale;
        m[i] = step.beta1 * m[i] + (1 - step.beta1) * g;
        v[i] = step.beta2 * v[i] + (1 - step.beta2) * g * g;
        value[i] = value[i] * step.decay - step.rate * m[i] / (std::sqrt(v[i]) * step.root + step.epsilon);
    }
}

double squares(const float* values, std::int64_t count) {
    return encoderKernels().squares(values, count);
}

double squares(const double* values, std::int64_t count) {
    double sum = 0;
    for (std::int64_t i = 0; i < count; ++i)
        sum += values[i] * values[i];
    return sum;
}

std::int64_t blocksOf(const at::Tensor& tensor) {
    return (tensor.numel() + Block - 1) / Block;
}

/// body(first, count) for each block. Which elements share a loop does not depend on the threads, so the
/// compiler's choice of fused multiply-adds in and behind it does not either.
template <class Body>
void eachBlock(const at::Tensor& tensor, const Body& body) {
    at::parallel_for(0, blocksOf(tensor), 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t b = begin; b < end; ++b)
            body(b * Block, std::min(Block, tensor.numel() - b * Block));
    });
}

template <class T>
double sumOfSquares(const at::Tensor& gradient) {
    std::vector<double> sums(static_cast<std::size_t>(blocksOf(gradient)));
    const auto* from = gradient.data_ptr<T>();
    eachBlock(gradient, [&](std::int64_t first, std::int64_t count) {
        sums[static_cast<std::size_t>(first / Block)] = squares(from + first, count);
    });
    double sum = 0;
    for (const double s : sums)
        sum += s;
    return sum;
}

template <class T>
void updateByBlocks(const Step& step, const at::Tensor& value, const at::Tensor& gradient,
                    const at::Tensor& m, const at::Tensor& v) {
    auto *to = value.data_ptr<T>(), *first = m.data_ptr<T>(), *second = v.data_ptr<T>();
    const auto* g = gradient.data_ptr<T>();
    eachBlock(value, [&](std::int64_t at, std::int64_t count) {
        update(step, to + at, g + at, first + at, second + at, count);
    });
}

void updateByOperators(const Step& step, const at::Tensor& value, const at::Tensor& gradient,
                       const at::Tensor& m, const at::Tensor& v) {
    const at::Tensor g = step.scale == 1 ? gradient : gradient * step.scale;
    value.mul_(step.decay);
    m.mul_(step.beta1).add_(g, 1 - step.beta1);
    v.mul_(step.beta2).addcmul_(g, g, 1 - step.beta2);
    value.addcdiv_(m, v.sqrt().mul_(step.root).add_(step.epsilon), -step.rate);
}

} // namespace

AdamW::AdamW(std::vector<AdamWTarget> targets, const AdamWSettings& settings)
    : targets_(std::move(targets)), moments_(targets_.size()), settings_(settings) {
    for ([[maybe_unused]] const auto& target : targets_)
        assert(target.value.is_contiguous() && target.value.device() == targets_.front().value.device());
}

bool AdamW::ownPass() const {
    return !settings_.operators && !targets_.empty() && targets_.front().value.device().is_cpu();
}

double AdamW::gradientNorm() const {
    double sum = 0;
    at::Tensor sums; // elsewhere: read once, at the end
    for (const auto& target : targets_) {
        const at::Tensor& gradient = target.value.grad();
        if (!gradient.defined())
            continue;
        if (ownPass()) {
            const at::Tensor here = gradient.contiguous();
            sum += here.scalar_type() == at::kDouble ? sumOfSquares<double>(here) : sumOfSquares<float>(here);
        } else {
            const at::Tensor part = gradient.norm().to(at::kDouble).square();
            sums = sums.defined() ? sums + part : part;
        }
    }
    return std::sqrt(sums.defined() ? sums.item<double>() : sum);
}

double AdamW::step(double learningRate) {
    const at::NoGradGuard off;
    const double clip = settings_.clipNorm;
    const double norm = clip > 0 || ownPass() ? gradientNorm() : 0;
    if (!std::isfinite(norm))
        return norm;
    ++steps_;
    const auto t = static_cast<double>(steps_);
    Step step{};
    step.beta1 = settings_.beta1;
    step.beta2 = settings_.beta2;
    step.epsilon = settings_.epsilon;
    step.root = 1 / std::sqrt(1 - std::pow(settings_.beta2, t));
    step.scale = clip > 0 ? std::min(1.0, clip / (norm + ClipEpsilon)) : 1;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
        const auto& target = targets_[i];
        if (!target.value.grad().defined())
            continue;
        auto& [m, v] = moments_[i];
        if (!m.defined()) {
            m = at::zeros_like(target.value).detach();
            v = at::zeros_like(target.value).detach();
        }
        const double rate = learningRate * target.rateFactor;
        step.decay = target.decays ? 1 - rate * settings_.weightDecay : 1;
        step.rate = rate / (1 - std::pow(settings_.beta1, t));
        const at::Tensor gradient = target.value.grad().contiguous();
        const at::Tensor value = target.value.detach();
        if (!ownPass())
            updateByOperators(step, value, gradient, m, v);
        else if (value.scalar_type() == at::kDouble)
            updateByBlocks<double>(step, value, gradient, m, v);
        else
            updateByBlocks<float>(step, value, gradient, m, v);
    }
    return norm;
}

void AdamW::dropGradients() {
    for (auto& target : targets_)
        target.value.mutable_grad().reset();
}

std::map<std::string, at::Tensor> AdamW::state() const {
    std::map<std::string, at::Tensor> state;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
        if (!moments_[i].m.defined())
            continue;
        state[targets_[i].name + ".m"] = moments_[i].m;
        state[targets_[i].name + ".v"] = moments_[i].v;
    }
    state["steps"] = at::full({1}, steps_, at::kLong);
    return state;
}

bool AdamW::setState(const std::map<std::string, at::Tensor>& state) {
    const auto steps = state.find("steps");
    if (steps == state.end() || steps->second.scalar_type() != at::kLong || steps->second.numel() != 1 ||
        steps->second.item<std::int64_t>() < 0)
        return false;
    std::vector<Moments> moments(targets_.size());
    std::size_t used = 1;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
        const auto m = state.find(targets_[i].name + ".m");
        const auto v = state.find(targets_[i].name + ".v");
        if (m == state.end() && v == state.end())
            continue;
        const auto fits = [&](const auto& found) {
            return found != state.end() && found->second.sizes() == targets_[i].value.sizes();
        };
        if (!fits(m) || !fits(v))
            return false;
        const auto copy = [&](const at::Tensor& from) {
            return from.detach()
                .to(targets_[i].value.device(), targets_[i].value.scalar_type(), false, /*copy=*/true)
                .contiguous();
        };
        moments[i] = {copy(m->second), copy(v->second)};
        used += 2;
    }
    if (used != state.size())
        return false;
    moments_ = std::move(moments);
    steps_ = steps->second.item<std::int64_t>();
    return true;
}

double layerRateFactor(double decay, int layers, int depth) {
    return std::pow(decay, layers + 1 - depth);
}

} // namespace stillroom
