// The loss of one kept sample and its gradient with respect to the logits.
#pragma once

#include "core/engine/training_settings.h"

#include <span>

namespace stillroom {

/// p = softmax(z), in place, K numbers. Stable for any finite z.
void softmax(std::span<float> z);

/// Loss of LossSettings for logits z, pseudo-label ŷ and teacher q (K; may be empty when the target is hard).
/// Writes ∂loss/∂z: hard  p − [ŷ];  soft  T·(p^{1/T} − q^{1/T}), both renormalised (Hinton et al., arXiv
/// 1503.02531: T² times the gradient 1/T·(…)); mix: their mixture. `p` is softmax(z).
double lossAndGradient(const LossSettings& loss, std::span<const float> z, std::span<const float> p,
                       int label, std::span<const float> q, std::span<float> gradient);

} // namespace stillroom
