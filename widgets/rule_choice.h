// What each selection rule is, as the Selection page says it: which settings it looks at, what its numbers
// mean, what else changes when it is chosen.
#pragma once

#include "core/selection/selection_settings.h"
#include "widgets/experiment_document.h"

namespace stillroom {

/// What the rule keeps, in few words.
[[nodiscard]] QString ruleWords(RuleKind rule);
/// Whether it looks at the setting `name` ("decay") with these settings.
[[nodiscard]] bool ruleUses(const SelectionSettings& settings, const QString& name);
/// What a cut is a cut of: "Confidence ≥"; empty: the rule has none.
[[nodiscard]] QString cutLabel(RuleKind rule);
/// So that the rule can run at once: the numbers that it cannot do without, and none that would mean
/// something else to it than to the rule before.
[[nodiscard]] QList<SettingChange> companionsOf(const QString& ruleName, const SelectionSettings& before);

} // namespace stillroom
