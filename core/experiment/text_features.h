// Texts as vectors by which they are alike or not. Private to core/experiment.
#pragma once

#include "core/data/dataset.h"
#include "core/selection/pick_to_ask.h"

#include <cstdint>
#include <span>

namespace stillroom {

/// Of each of `rows` the words that are in it, hashed (core/text/ngrams.h), each counted once and weighted by
/// log(rows / rows that have it); scaled to length 1, or empty where no word tells anything.
[[nodiscard]] SparseTexts textFeatures(const Dataset& data, std::span<const std::uint32_t> rows);

} // namespace stillroom
