// How much each kept sample counts: the w_i of the weighted loss L_w (shared/method.md, "LLKD").
#pragma once

#include "core/selection/rule.h"

namespace stillroom {

/// True when the weights look at u: a product with β ≠ 0 or a sum with β ≠ 0.
[[nodiscard]] bool weightsNeedUncertainty(const SelectionSettings& settings);

/// Completes a decision whose `keep` is filled in: counts the kept and weighs them,
///   uniform  w = 1
///   product  w = c^α · u^β      (0⁰ = 1)
///   sum      w = α·c + β·u
/// rescaled to mean 1 over the kept; 0 for the others. When every kept weight is 0 (a student that is sure of
/// all of them, say) there is nothing to rescale, and they count alike: 1. `batch.uncertainties` may be empty
/// when weightsNeedUncertainty is false. Allocates nothing once `decision` has held a batch of this size.
void weigh(const SelectionSettings& settings, const Batch& batch, Decision& decision);

} // namespace stillroom
