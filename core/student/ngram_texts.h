// The texts of a Dataset as rows of an n-gram embedding, ready to be trained on.
#pragma once

#include "core/data/dataset.h"
#include "core/student/bucket_map.h"
#include "core/text/ngrams.h"

#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

/// Only n-grams that occur in a training text get a row: all others would keep their initial zeros for ever.
/// They count in `length` all the same, so that this is exactly the full table of `buckets` rows, without its
/// memory. Rows are ordered by how often they occur, most frequent first: what is read most lies together in
/// the cache.
struct NgramTexts {
    std::vector<std::uint64_t> begins;  ///< dataset rows + 1, into `tokens`
    std::vector<std::uint32_t> tokens;  ///< embedding rows
    std::vector<std::uint32_t> lengths; ///< n-grams of each text, unknown ones included
    std::vector<std::uint32_t> buckets; ///< of each embedding row

    [[nodiscard]] std::span<const std::uint32_t> tokensOf(std::size_t row) const {
        return {tokens.data() + begins[row], tokens.data() + begins[row + 1]};
    }
};

/// Takes `threads` threads; the result does not depend on how many.
[[nodiscard]] NgramTexts readNgrams(const Dataset& data, std::span<const std::uint32_t> trainingRows,
                                    const NgramRecipe& recipe, int threads);

} // namespace stillroom
