// The training samples in columns, by sample number: what a rule and a loss look at.
#pragma once

#include "core/engine/distillation_set.h"
#include "core/selection/rule.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace stillroom {

struct Samples {
    explicit Samples(const DistillationSet& set);

    [[nodiscard]] std::size_t size() const { return rows.size(); }
    /// Spans into this object.
    [[nodiscard]] Population population(std::uint64_t seed) const;

    /// Hexadecimal, of which texts there are and what the teacher said of them: the same for the same
    /// training data alone.
    [[nodiscard]] std::string print(const Dataset& data) const;

    int classCount;
    std::vector<std::uint32_t> rows;  ///< dataset row of each sample
    std::vector<std::int32_t> labels; ///< pseudo-labels
    std::vector<float> confidences;
    std::vector<std::int32_t> gold;          ///< −1 where unknown
    std::span<const std::string> classNames; ///< the Dataset's
};

} // namespace stillroom
