// When a budget of training.stop will end a run, said before it does: from what a rule keeps by itself, or
// from what the present or last run kept. Cheap enough for every edit.
#pragma once

#include "core/experiment/experiment.h"
#include "widgets/data_summary.h"
#include "widgets/live_model.h"

#include <QString>
#include <optional>

namespace stillroom {

/// What is known of a run to come or under way.
struct BudgetView {
    const Experiment* experiment = nullptr;
    const DataSummary* summary = nullptr;   ///< null: no data yet
    const LiveModel* live = nullptr;        ///< of the present or last run; may be empty
    const SelectionSettings* ran = nullptr; ///< its settings; null: nothing has run
    bool underWay = false;
};

/// Samples that the rule keeps of a batch, on average; none: that follows from training alone.
[[nodiscard]] std::optional<double> keptPerStep(const BudgetView& view);

// One sentence each; empty: no such budget, or nothing can be said.
[[nodiscard]] QString gradientBudgetWords(const BudgetView& view);
[[nodiscard]] QString distinctBudgetWords(const BudgetView& view);
[[nodiscard]] QString minutesBudgetWords(const BudgetView& view);

} // namespace stillroom
