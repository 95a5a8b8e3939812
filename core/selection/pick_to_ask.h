// Which texts a teacher is asked about next: those that the student is unsure of, but not many times the
// same. Nothing here knows who is asked. Pure: the same input gives the same picks, on every machine.
#pragma once

#include "core/base/random.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

// Each gives at most `count` places of `uncertainty`, no place twice, in the order of picking. Where several
// are equally uncertain the earlier goes first.

/// The most uncertain ones.
[[nodiscard]] std::vector<std::uint32_t> pickMostUncertain(std::span<const float> uncertainty,
                                                           std::size_t count);

/// The classes by turns, each with the most uncertain of those that the student takes for it (`labels`, from
/// 0): a class that the student rarely sees is asked about as often as one that it sees everywhere, as long
/// as there are any.
[[nodiscard]] std::vector<std::uint32_t> pickByClass(std::span<const float> uncertainty,
                                                     std::span<const std::int32_t> labels, int classCount,
                                                     std::size_t count);

/// By chance, without putting back, with odds of uncertainty^power: Gumbel noise on its logarithm and the
/// largest of that (Kirsch et al., "Stochastic Batch Acquisition", arXiv 2106.12059, power acquisition). What
/// is not uncertain at all comes last.
[[nodiscard]] std::vector<std::uint32_t> pickByChance(std::span<const float> uncertainty, double power,
                                                      std::size_t count, Random& random);

} // namespace stillroom
