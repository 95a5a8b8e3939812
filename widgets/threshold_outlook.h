// What the present settings of a rule lead to, said before they are used: which thresholds each class gets
// and what they refuse. From histograms and the live thresholds alone: cheap enough for every move of a
// slider.
#pragma once

#include "core/selection/selection_settings.h"
#include "widgets/data_summary.h"
#include "widgets/live_model.h"

#include <optional>

namespace stillroom {

struct ThresholdOutlook {
    double low = 0, high = 0;      ///< over the classes
    std::optional<double> refused; ///< share of what comes before it; none: cannot be known yet
    bool atStart = false;          ///< as a run would begin, rather than as it stands
};

/// `running`: the settings that the live thresholds were made with; null: nothing runs. `summary` may be
/// null. Nothing for a rule without such a threshold, or before anything is known.
[[nodiscard]] std::optional<ThresholdOutlook> teacherOutlook(const SelectionSettings& now,
                                                             const SelectionSettings* running,
                                                             const LiveModel& live,
                                                             const DataSummary* summary);
[[nodiscard]] std::optional<ThresholdOutlook> studentOutlook(const SelectionSettings& now,
                                                             const SelectionSettings* running,
                                                             const LiveModel& live,
                                                             const DataSummary* summary);

} // namespace stillroom
