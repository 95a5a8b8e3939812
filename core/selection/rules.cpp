#include "core/selection/rules.h"

#include <algorithm>
#include <array>

namespace stillroom {

namespace {

struct Row {
    std::string_view name;
    std::vector<double> Thresholds::*values;
};
constexpr std::array<Row, 3> Rows{{{"teacher_threshold", &Thresholds::teacher},
                                   {"student_threshold", &Thresholds::student},
                                   {"student_confidence_threshold", &Thresholds::studentConfidence}}};

} // namespace

void RuleBase::addState(RuleState&) const {}

Result<void> RuleBase::restoreOwn(const RuleState&) {
    return {};
}

RuleState RuleBase::state() const {
    RuleState state;
    state.entries.push_back(
        {std::string(ruleName(settings_.rule)), {static_cast<double>(population_.classCount)}});
    addState(state);
    for (const auto& row : Rows)
        state.entries.push_back({std::string(row.name), thresholds_.*row.values});
    return state;
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
    Thresholds thresholds;
    for (const auto& row : Rows) {
        const auto found = entry(state, row.name);
        if (!found)
            return fail(found.error());
        if (!(*found)->empty() && (*found)->size() != classCount())
            return damaged(row.name);
        thresholds.*row.values = **found;
    }
    if (auto own = restoreOwn(state); !own)
        return own;
    thresholds_ = std::move(thresholds);
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
            const auto& values = candidate.values;
            if ((size != AnySize && values.size() != size) ||
                !std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }))
                break;
            return &values;
        }
    return damaged(name);
}

tl::unexpected<Error> RuleBase::damaged(std::string_view name) const {
    return fail("the checkpoint's state of the rule '" + std::string(ruleName(settings_.rule)) +
                "' is damaged at '" + std::string(name) +
                "'; resume from another checkpoint or start the run anew");
}

tl::unexpected<Error> RuleBase::otherSamples() const {
    return fail("the checkpoint of the rule '" + std::string(ruleName(settings_.rule)) +
                "' was written for another number of samples than the " +
                std::to_string(population_.labels.size()) +
                " of the data; resume it with the data it was made of");
}

} // namespace stillroom
