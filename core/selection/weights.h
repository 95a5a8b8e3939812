// How much each kept sample counts: the w_i of the weighted loss L_w (llkd.h).
#pragma once

#include "core/selection/rule.h"

namespace stillroom {

/// True when the weights look at u at any time of the run: a product or a sum with β ≠ 0.
[[nodiscard]] bool weightsNeedUncertainty(const SelectionSettings& settings);

/// Completes a decision whose `keep` is filled in (0 or 1): counts the kept and weighs them,
///   uniform  w = 1
///   product  w = c^α · u^β      (0⁰ = 1)
///   sum      w = α·c + β·u
/// with α and β as they are at the batch's place, rescaled to mean 1 over the kept; 0 for the others. When
/// every kept weight is 0 (a student that is sure of all of them, say) there is nothing to rescale, and they
/// count alike: 1. `batch.uncertainties` may be empty when weightsNeedUncertainty is false. Allocates nothing
/// once `decision` has held a batch of this size.
void weigh(const SelectionSettings& settings, const Batch& batch, Decision& decision);

} // namespace stillroom
