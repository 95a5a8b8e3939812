// selection.*
#include "core/experiment/setting_kinds.h"
#include "core/selection/rule.h"

#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr std::array<std::string_view, 4> uncertainties{"entropy", "least_confidence", "margin",
                                                        "disagreement"};
constexpr std::array<std::string_view, 3> weightings{"uniform", "product", "sum"};

std::array<std::string_view, RuleCount> ruleNames() {
    std::array<std::string_view, RuleCount> names;
    for (std::size_t i = 0; i < names.size(); ++i)
        names[i] = ruleName(static_cast<RuleKind>(i));
    return names;
}

/// mean, or {quantile: 0.8}
Setting statisticSetting() {
    const auto write = [](const Experiment& e) {
        const auto& quantile = e.selection.quantile;
        return quantile ? fmt::format("{{quantile: {}}}", writeSchedule(*quantile)) : std::string("mean");
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
        const auto value = readScheduleNode(*given);
        if (!value)
            return tl::unexpected<YamlProblem>(value.error());
        e.selection.quantile = *value;
        return {};
    };
    return {"selection.statistic", write, read};
}

std::string writeRange(const Schedule& low, const Schedule& high) {
    return fmt::format("[{}, {}]", writeSchedule(low), writeSchedule(high));
}

/// [lo, hi]
Setting clipSetting() {
    const auto write = [](const Experiment& e) {
        return writeRange(e.selection.clipLow, e.selection.clipHigh);
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

/// [teacher, student], or absent
Setting fixedThresholdsSetting() {
    const auto write = [](const Experiment& e) {
        const auto& fixed = e.selection.fixedThresholds;
        return fixed ? writeRange(fixed->teacher, fixed->student) : std::string();
    };
    const auto read = [](Experiment& e, const YamlNode& node) -> YamlResult<void> {
        const auto pair = readRangeNode(node);
        if (!pair)
            return tl::unexpected<YamlProblem>(pair.error());
        e.selection.fixedThresholds = {pair->first, pair->second};
        return {};
    };
    const auto clear = [](Experiment& e) { e.selection.fixedThresholds.reset(); };
    return {"selection.fixed_thresholds", write, read, clear};
}

} // namespace

void addSelectionSettings(std::vector<Setting>& table) {
    static const auto rules = ruleNames();
    table.push_back(wordSetting(
        "selection.rule", [](auto& e) -> auto& { return e.selection.rule; }, rules));
    table.push_back(optionalScheduleSetting(
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
    table.push_back(factorsSetting(
        "selection.teacher_class_scales", [](auto& e) -> auto& { return e.selection.teacherClassScales; }));
    table.push_back(factorsSetting(
        "selection.student_class_scales", [](auto& e) -> auto& { return e.selection.studentClassScales; }));
    table.push_back(fixedThresholdsSetting());
    table.push_back(optionalScheduleSetting(
        "selection.fixed_ratio", [](auto& e) -> auto& { return e.selection.fixedRatio; }));
    table.push_back(optionalScheduleSetting(
        "selection.cut", [](auto& e) -> auto& { return e.selection.cut; }));
    table.push_back(optionalScheduleSetting(
        "selection.ratio", [](auto& e) -> auto& { return e.selection.ratio; }));
    table.push_back(boolSetting(
        "selection.resample", [](auto& e) -> auto& { return e.selection.resample; }));
    table.push_back(wordSetting(
        "selection.weight", [](auto& e) -> auto& { return e.selection.weight; }, weightings));
    table.push_back(scheduleSetting(
        "selection.alpha", [](auto& e) -> auto& { return e.selection.alpha; }));
    table.push_back(scheduleSetting(
        "selection.beta", [](auto& e) -> auto& { return e.selection.beta; }));
    table.push_back(boolSetting(
        "selection.soft_weights", [](auto& e) -> auto& { return e.selection.softWeights; }));
}

} // namespace stillroom
