// The loss of many samples and its gradient with respect to their logits, whatever device these are on.
#pragma once

#include "core/student/network.h"

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <span>

namespace stillroom {

struct BatchLoss {
    double sum = 0;      ///< Σ w_i · loss_i
    at::Tensor gradient; ///< n×K float32 on the logits' device: share · w_i · ∂loss_i/∂z_i
};

/// `logits`: n×K float32; sample i of them is `positions[i]` of `targets`. The loss is a few numbers a
/// sample: it is computed in double where the targets are, on the CPU (loss.h), and a GPU is waited for.
[[nodiscard]] BatchLoss batchLoss(const LossSettings& loss, const at::Tensor& logits, const Targets& targets,
                                  std::span<const std::uint32_t> positions, double share);

} // namespace stillroom
