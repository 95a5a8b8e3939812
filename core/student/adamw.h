// AdamW: Adam with weight decay apart from the gradient (Loshchilov & Hutter, arXiv 1711.05101, algorithm 2),
// with the gradient clipped by its norm over all parameters.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace stillroom {

struct AdamWSettings {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weightDecay = 0.01;
    double clipNorm = 0;    ///< the gradient is scaled down to this norm where it is longer; 0: never
    bool operators = false; ///< LibTorch's operators on the CPU too: what tests hold our own pass against
};

/// A parameter with what is special about its steps.
struct AdamWTarget {
    std::string name; ///< unique; the state's tensors are named after it
    at::Tensor value; ///< a leaf that asks for a gradient, contiguous, float32 or float64
    double rateFactor = 1;
    bool decays = true;
};

/// g ← g · min(1, clipNorm / (‖g‖ + 1e-6)), norm over all; then for every parameter θ with rate η = learning
/// rate · rateFactor, at step t:
///   θ ← θ − η·weightDecay·θ (where it decays);  m ← β₁m + (1−β₁)g;  v ← β₂v + (1−β₂)g²
///   θ ← θ − η/(1−β₁ᵗ) · m / (√v / √(1−β₂ᵗ) + ε)
/// On the CPU one pass over memory, bit-identical for any number of threads; elsewhere LibTorch's operators.
/// All targets are on one device. A parameter without a gradient is left as it is, and t counts all steps,
/// not those of a parameter. One thread at a time.
class AdamW {
  public:
    AdamW(std::vector<AdamWTarget> targets, const AdamWSettings& settings);

    /// Uses the gradients as they are (accumulate as many backward passes as wanted before) and leaves them
    /// unchanged. Returns their norm before clipping, over all parameters; 0 where clipNorm is 0 on a device
    /// other than the CPU, so that nothing waits for it. Nothing is changed when the norm is not finite
    /// (clipping on or a CPU): it is returned, and the caller says so.
    double step(double learningRate);

    /// Drops the gradients: the next backward pass makes new ones instead of adding.
    void dropGradients();

    [[nodiscard]] std::int64_t steps() const { return steps_; }

    /// Moments of every target that had a step, "NAME.m" and "NAME.v" (the tensors themselves, not copies),
    /// and "steps", one int64.
    [[nodiscard]] std::map<std::string, at::Tensor> state() const;

    /// The same back, copied. False, and nothing changed, where a name or shape does not fit.
    [[nodiscard]] bool setState(const std::map<std::string, at::Tensor>& state);

  private:
    struct Moments {
        at::Tensor m, v; // undefined until the first step
    };
    [[nodiscard]] bool ownPass() const;
    [[nodiscard]] double gradientNorm() const;

    std::vector<AdamWTarget> targets_;
    std::vector<Moments> moments_; // of each target
    AdamWSettings settings_;
    std::int64_t steps_ = 0;
};

/// Layer-wise learning-rate decay (Sun et al., arXiv 1905.05583): decay^(layers + 1 − depth) for depth 0
/// (embeddings) to `layers`; a head above them is at depth layers + 1 and has 1.
[[nodiscard]] double layerRateFactor(double decay, int layers, int depth);

} // namespace stillroom
