// The training samples as the lab looks at them: columns by sample number, made once from a DistillationSet.
// Sample number i is the i-th training row (core/engine/distillation_set.h). 16 bytes a sample.
#pragma once

#include "core/engine/distillation_set.h"

#include <cstdint>
#include <vector>

namespace stillroom {

/// Immutable once built; any thread may read.
struct SampleTable {
    explicit SampleTable(DistillationSet source);

    [[nodiscard]] std::size_t size() const { return rows.size(); }
    [[nodiscard]] bool hasGold() const { return withGold > 0; }

    DistillationSet set;
    int classCount;
    std::vector<std::uint32_t> rows;  ///< dataset row of each sample
    std::vector<std::int32_t> labels; ///< pseudo-labels
    std::vector<float> confidences;   ///< the teacher's
    std::vector<std::int32_t> gold;   ///< −1 where unknown
    std::size_t withGold = 0;
};

} // namespace stillroom
