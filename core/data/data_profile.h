// What somebody should know of a data set before training on it: duplicates, texts that stand in more than
// one split, empty texts, imbalance, lengths.
#pragma once

#include "core/data/dataset.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

/// Texts are the same when they are, byte for byte, but for blanks and line ends around them. Empty ones are
/// counted as empty and as nothing else.
struct DataProfile {
    struct SplitProfile {
        std::int64_t rows = 0, withGold = 0, empty = 0;
        std::int64_t duplicates = 0; ///< rows whose text stood in the same split before
        std::vector<std::int64_t> byClass;
        double imbalance = 0; ///< largest class ÷ smallest that occurs; 0 without gold
        /// Of the texts' lengths in characters: least, 5 %, 25 %, half, 75 %, 95 %, greatest.
        std::array<std::int64_t, 7> lengths{};
        /// Bin b: lengths in [2^(b/2), 2^((b+1)/2)); what is longer than 4,096 is in the last, what is empty
        /// in none.
        std::array<std::int64_t, 24> lengthHistogram{};
    };
    struct SharedText {
        std::string text;
        std::vector<std::uint32_t> rows; ///< of the dataset, ascending
    };
    std::array<SplitProfile, SplitCount> splits;
    std::int64_t repeatedTexts = 0;      ///< different texts that stand more than once, wherever
    std::int64_t sharedTexts = 0;        ///< of them, those that stand in more than one split
    std::vector<SharedText> shared;      ///< the first 200 of these, by their first row
    std::int64_t sharedLabelsDiffer = 0; ///< of these, those whose gold is not the same everywhere
};

/// Any thread; about a second for a million rows.
[[nodiscard]] DataProfile profileData(const Dataset& dataset);

} // namespace stillroom
