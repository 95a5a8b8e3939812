#include "core/selection/rules.h"

namespace stillroom {

RuleState RuleBase::state() const {
    return {{{std::string(ruleName(settings_.rule)), {static_cast<double>(population_.classCount)}}}};
}

Result<void> RuleBase::restore(const RuleState& state) {
    const std::string mine(ruleName(settings_.rule));
    if (state.entries.empty())
        return fail("the checkpoint holds no state for the rule '" + mine + "'; start the run anew");
    const auto& first = state.entries.front();
    if (first.name != mine)
        return fail("the checkpoint was written with the rule '" + first.name + "', the experiment says '" +
                    mine + "'; set selection.rule to '" + first.name + "' or start a new run");
    if (first.values.size() != 1 || first.values[0] != static_cast<double>(population_.classCount))
        return fail(
            "the checkpoint of the rule '" + mine + "' was written for another number of classes than the " +
            std::to_string(population_.classCount) + " of the data; resume it with the data it was made of");
    return {};
}

void RuleBase::adjust(const SelectionSettings& settings) {
    assert(settings.rule == settings_.rule);
    settings_ = settings;
}

Result<const std::vector<double>*> RuleBase::entry(const RuleState& state, std::string_view name,
                                                   std::size_t size) const {
    for (const auto& candidate : state.entries)
        if (candidate.name == name) {
            if (size != AnySize && candidate.values.size() != size)
                break;
            return &candidate.values;
        }
    return damaged(name);
}

tl::unexpected<Error> RuleBase::damaged(std::string_view name) const {
    return fail("the checkpoint's state of the rule '" + std::string(ruleName(settings_.rule)) +
                "' is damaged at '" + std::string(name) +
                "'; resume from another checkpoint or start the run anew");
}

} // namespace stillroom
