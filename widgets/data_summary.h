// What the window says of the data and the teacher without looking at a row again: counts and histograms,
// made once after loading, off the GUI thread.
#pragma once

#include "core/engine/distillation_set.h"
#include "core/engine/events.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace stillroom {

/// K classes. "Taught" rows are the training samples: those with a teacher row.
struct DataSummary {
    static constexpr int Bins = WindowRecord::ConfidenceBins;
    using Histogram = std::array<std::int64_t, Bins>;

    std::vector<std::string> classes;
    std::array<std::int64_t, SplitCount> rows{};
    std::array<std::int64_t, SplitCount> withGold{};
    std::array<std::vector<std::int64_t>, SplitCount> goldByClass; ///< K each
    std::int64_t taught = 0;
    bool filledIn = false; ///< the teacher gave labels and confidences; vectors are made from them

    std::vector<std::int64_t> taughtByClass;  ///< by pseudo-label
    std::vector<Histogram> confidenceByClass; ///< by pseudo-label
    Histogram confidence{};                   ///< of all taught rows …
    Histogram confidenceWithGold{};           ///< … of those with gold …
    Histogram confidenceRight{};              ///< … and of those where the label is gold's
    std::vector<double> meanConfidence;       ///< by pseudo-label; NaN for none
    double meanConfidenceOfAll = 0;

    static DataSummary of(const DistillationSet& set);

    /// The share of taught rows whose confidence is under their class's threshold (to a bin's width).
    [[nodiscard]] double refusedBy(const std::vector<double>& teacherThresholds) const;
    /// The same for one cut for all.
    [[nodiscard]] double refusedBelow(double cut) const;
    /// The confidence under which a share `1 − ratio` of the taught rows lies.
    [[nodiscard]] double cutOfTop(double ratio) const;
};

} // namespace stillroom
