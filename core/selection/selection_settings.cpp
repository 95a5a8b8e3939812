#include "core/selection/selection_settings.h"

namespace stillroom {

namespace {

bool movesStatistics(RuleKind rule) {
    return rule == RuleKind::Llkd || rule == RuleKind::FreeMatch || rule == RuleKind::SoftMatch;
}

} // namespace

Schedule decayOf(const SelectionSettings& settings) {
    return settings.decay.value_or(
        settings.rule == RuleKind::FreeMatch || settings.rule == RuleKind::SoftMatch ? 0.999 : 0.99);
}

Schedule cutOf(const SelectionSettings& settings) {
    return settings.cut.value_or(0.95);
}

SelectionSettings resolved(SelectionSettings settings) {
    if (movesStatistics(settings.rule))
        settings.decay = decayOf(settings);
    if (settings.rule == RuleKind::FixMatch || settings.rule == RuleKind::FlexMatch)
        settings.cut = cutOf(settings);
    return settings;
}

} // namespace stillroom
