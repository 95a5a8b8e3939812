// Which texts were asked about in which round: what a run that asked remembers of it.
#pragma once

#include "core/base/result.h"
#include "core/engine/distillation_set.h"
#include "core/engine/metrics.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace stillroom {

struct AskedRow {
    std::uint32_t row = 0;  ///< of the dataset
    std::int32_t round = 0; ///< from 1
    friend bool operator==(const AskedRow&, const AskedRow&) = default;
};

/// A round, when it is over.
struct AskingRound {
    std::int64_t round = 0; ///< from 1
    std::int64_t calls = 0; ///< texts asked about in it
    std::int64_t answered = 0;
    std::int64_t withGold = 0, right = 0; ///< of the answered
    std::vector<std::int64_t> labelCount; ///< K, of its answers
    Metrics validation; ///< of the student trained on all answers up to it; rows == 0: without gold, or the
                        ///< last round
    double seconds = 0; ///< that it took, training included
};

struct AskingRecord {
    std::vector<AskedRow> rows; ///< in the order of asking; empty: nothing was asked in rounds
    std::vector<AskingRound> rounds;
};

/// The set with nothing but what the teacher said of these rows. Errors: a row that is no training text of
/// the data, because they are others than when it was asked.
Result<DistillationSet> onlyAsked(const DistillationSet& set, std::span<const AskedRow> asked);

} // namespace stillroom
