// asking.*
#include "core/experiment/setting_kinds.h"

namespace stillroom {

namespace {

constexpr std::array<std::string_view, 2> picks{"uncertain", "random"};
constexpr std::array<std::string_view, 4> uncertainties{"entropy", "least_confidence", "margin",
                                                        "disagreement"};
constexpr std::array<std::string_view, 3> diversities{"none", "chance", "classes"};

const Condition& asking() {
    static const Condition condition{[](const Experiment& e) { return e.asking.on(); }, "asking.calls"};
    return condition;
}

const Condition& uncertain() {
    static const Condition condition{
        [](const Experiment& e) { return e.asking.on() && e.asking.pick == AskingPick::Uncertain; },
        "asking.calls and asking.pick: uncertain"};
    return condition;
}

const Condition& byChance() {
    static const Condition condition{[](const Experiment& e) {
                                         return e.asking.on() && e.asking.pick == AskingPick::Uncertain &&
                                                e.asking.diversity == AskingDiversity::Chance;
                                     },
                                     "asking.calls and asking.diversity: chance"};
    return condition;
}

} // namespace

void addAskingSettings(std::vector<Setting>& table) {
    table.push_back(
        {"asking.calls",
         [](const Experiment& e) { return e.asking.on() ? std::to_string(e.asking.calls) : std::string(); },
         [](Experiment& e, const YamlNode& node) -> YamlResult<void> {
             const auto calls = readIntegerNode(node, 1, 1'000'000'000);
             if (!calls)
                 return tl::unexpected<YamlProblem>(calls.error());
             e.asking.calls = *calls;
             return {};
         },
         [](Experiment& e) { e.asking.calls = 0; }});
    table.push_back(
        onlyIf(asking(), wordSetting(
                             "asking.pick", [](auto& e) -> auto& { return e.asking.pick; }, picks)));
    table.push_back(
        onlyIf(uncertain(), integerSetting(
                                "asking.rounds", [](auto& e) -> auto& { return e.asking.rounds; })));
    table.push_back(
        onlyIf(uncertain(), numberSetting(
                                "asking.first", [](auto& e) -> auto& { return e.asking.first; })));
    table.push_back(
        onlyIf(uncertain(), wordSetting(
                                "asking.uncertainty", [](auto& e) -> auto& { return e.asking.uncertainty; },
                                uncertainties)));
    table.push_back(
        onlyIf(uncertain(),
               wordSetting(
                   "asking.diversity", [](auto& e) -> auto& { return e.asking.diversity; }, diversities)));
    table.push_back(onlyIf(byChance(), numberSetting(
                                           "asking.power", [](auto& e) -> auto& { return e.asking.power; })));
    table.push_back(onlyIf(asking(), optionalIntegerSetting(
                                         "asking.seed", [](auto& e) -> auto& { return e.asking.seed; })));
}

} // namespace stillroom
