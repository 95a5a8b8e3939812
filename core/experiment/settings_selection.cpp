// selection.*
#include "core/experiment/setting_kinds.h"
#include "core/selection/rule.h"

#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr std::array<std::string_view, 4> uncertainties{"entropy", "least_confidence", "margin",
                                                        "disagreement"};
constexpr std::array<std::string_view, 3> weightings{"uniform", "product", "sum"};

/// mean, or {quantile: 0.8}
Setting statisticSetting() {
    const auto write = [](const Experiment& e) {
        const auto& quantile = e.selection.quantile;
        return quantile ? fmt::format("{{quantile: {}}}", writeNumber(*quantile)) : std::string("mean");
    };
    const auto read = [](Experiment& e, const YamlNode& node) -> YamlResult<void> {
        if (node.kind == YamlNode::Kind::Scalar && node.text == "mean") {
            e.selection.quantile.reset();
            return {};
        }
        if (node.kind != YamlNode::Kind::Map)
            return yamlProblem(
                node.place, fmt::format("expected mean or {{quantile: 0.8}}, found {}", describeNode(node)));
        static constexpr std::array<std::string_view, 1> keys{"quantile"};
        if (auto checked = checkKeys(node, keys); !checked)
            return checked;
        const YamlNode* given = findKey(node, "quantile");
        if (given == nullptr)
            return yamlProblem(node.place, "expected mean or {quantile: 0.8}, found an empty map");
        const auto value = readNumberNode(*given);
        if (!value)
            return tl::unexpected<YamlProblem>(value.error());
        e.selection.quantile = *value;
        return {};
    };
    return {"selection.statistic", write, read};
}

/// [lo, hi]
Setting clipSetting() {
    const auto write = [](const Experiment& e) {
        return fmt::format("[{}, {}]", writeNumber(e.selection.clipLow), writeNumber(e.selection.clipHigh));
    };
    const auto read = [](Experiment& e, const YamlNode& node) -> YamlResult<void> {
        const auto range = readRangeNode(node);
        if (!range)
            return tl::unexpected<YamlProblem>(range.error());
        e.selection.clipLow = range->first;
        e.selection.clipHigh = range->second;
        return {};
    };
    return {"selection.clip", write, read};
}

} // namespace

void addSelectionSettings(std::vector<Setting>& table) {
    static const std::array<std::string_view, 5> rules{ruleName(RuleKind::All), ruleName(RuleKind::Random),
                                                       ruleName(RuleKind::Teacher),
                                                       ruleName(RuleKind::Oracle), ruleName(RuleKind::Llkd)};
    table.push_back(wordSetting(
        "selection.rule", [](auto& e) -> auto& { return e.selection.rule; }, rules));
    table.push_back(scheduleSetting(
        "selection.decay", [](auto& e) -> auto& { return e.selection.decay; }));
    table.push_back(boolSetting(
        "selection.warm_start", [](auto& e) -> auto& { return e.selection.warmStart; }));
    table.push_back(statisticSetting());
    table.push_back(clipSetting());
    table.push_back(wordSetting(
        "selection.uncertainty", [](auto& e) -> auto& { return e.selection.uncertainty; }, uncertainties));
    table.push_back(boolSetting(
        "selection.class_scaling", [](auto& e) -> auto& { return e.selection.classScaling; }));
    table.push_back(scheduleSetting(
        "selection.teacher_scale", [](auto& e) -> auto& { return e.selection.teacherScale; }));
    table.push_back(scheduleSetting(
        "selection.student_scale", [](auto& e) -> auto& { return e.selection.studentScale; }));
    table.push_back(optionalScheduleSetting(
        "selection.cut", [](auto& e) -> auto& { return e.selection.cut; }));
    table.push_back(optionalScheduleSetting(
        "selection.ratio", [](auto& e) -> auto& { return e.selection.ratio; }));
    table.push_back(boolSetting(
        "selection.resample", [](auto& e) -> auto& { return e.selection.resample; }));
    table.push_back(wordSetting(
        "selection.weight", [](auto& e) -> auto& { return e.selection.weight; }, weightings));
    table.push_back(numberSetting(
        "selection.alpha", [](auto& e) -> auto& { return e.selection.alpha; }));
    table.push_back(numberSetting(
        "selection.beta", [](auto& e) -> auto& { return e.selection.beta; }));
}

} // namespace stillroom
