// The rules that chose, each with its formula (resources/report/rules), and in which settings runs differ.
#include "core/output/report_content.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace stillroom {

namespace {

/// What a formula may name: the settings of the rule, of the weights and of the loss, as they are in force.
TemplateData valuesOf(const Experiment& experiment) {
    TemplateData data;
    const SelectionSettings& selection = experiment.selection;
    data.text("title", ruleTitle(selection.rule));
    data.text("name", ruleName(selection.rule));
    data.flag(fmt::format("is_{}", ruleName(selection.rule)), true);
    for (const char* name :
         {"decay", "warm_start", "uncertainty", "class_scaling", "teacher_scale", "student_scale", "cut",
          "ratio", "resample", "weight", "alpha", "beta", "clip", "fixed_ratio", "fixed_thresholds"})
        if (const std::string key = fmt::format("selection.{}", name); settingApplies(experiment, key))
            if (const std::string value = effectiveValue(experiment, key); !value.empty())
                data.text(name, value);
    data.flag("quantile", selection.quantile.has_value());
    if (selection.quantile)
        data.text("statistic", effectiveValue(experiment, "selection.statistic"));
    data.flag("by_class", selection.classScaling);
    data.flag("warm", selection.warmStart);
    data.flag("fixed", selection.fixedThresholds.has_value());
    data.flag("share", selection.fixedRatio.has_value());
    data.flag("moving", !selection.fixedThresholds && !selection.fixedRatio);
    const bool teacherOff = settingValue(experiment, "selection.teacher_scale") == "0";
    const bool studentOff = settingValue(experiment, "selection.student_scale") == "0";
    data.flag("teacher_off", teacherOff);
    data.flag("student_off", studentOff);
    data.flag("both_on", !teacherOff && !studentOff);
    data.flag("both_off", teacherOff && studentOff);
    data.flag("has_cut", selection.cut.has_value() || selection.rule == RuleKind::FixMatch ||
                             selection.rule == RuleKind::FlexMatch);
    data.flag("has_ratio", selection.ratio.has_value());
    data.flag("other_every_epoch", selection.resample);
    data.flag("class_factors",
              !selection.teacherClassScales.empty() || !selection.studentClassScales.empty());
    data.flag("entropy", selection.uncertainty == Uncertainty::Entropy);
    data.flag("least_confidence", selection.uncertainty == Uncertainty::LeastConfidence);
    data.flag("margin", selection.uncertainty == Uncertainty::Margin);
    data.flag("disagreement", selection.uncertainty == Uncertainty::Disagreement);
    const bool weighted = selection.weight != Weighting::Uniform;
    const bool soft = selection.rule == RuleKind::SoftMatch && selection.softWeights;
    data.flag("weighted", weighted);
    data.flag("soft_weights", soft);
    data.flag("in_loss", weighted || soft);
    data.flag("product", selection.weight == Weighting::Product);
    data.flag("sum", selection.weight == Weighting::Sum);
    data.flag("hard", experiment.loss.target == LossTarget::Hard);
    data.flag("soft", experiment.loss.target == LossTarget::Soft);
    data.flag("mixed", experiment.loss.target == LossTarget::Mix);
    data.text("temperature", effectiveValue(experiment, "loss.temperature"));
    data.text("mix", effectiveValue(experiment, "loss.mix"));
    return data;
}

bool asksStudent(RuleKind rule) {
    return rule == RuleKind::Llkd || rule == RuleKind::Student;
}

/// What an experiment of its kind would be if nothing else had been set.
Experiment defaultsBeside(const Experiment& experiment) {
    Experiment defaults;
    defaults.selection.rule = experiment.selection.rule;
    defaults.teacher.kind = experiment.teacher.kind;
    defaults.student.kind = experiment.student.kind;
    return defaults;
}

std::vector<TemplateData> changedSettings(const Experiment& experiment) {
    const Experiment defaults = defaultsBeside(experiment);
    std::vector<TemplateData> rows;
    for (const auto& key : settingKeys()) {
        if (key == "name" || !settingApplies(experiment, key))
            continue;
        const std::string value = effectiveValue(experiment, key);
        const std::string usual =
            settingApplies(defaults, key) ? effectiveValue(defaults, key) : std::string();
        const bool decides = key == "selection.rule" || key == "teacher.kind" || key == "student.kind";
        if (value.empty() || (value == usual && !decides))
            continue;
        TemplateData row;
        row.text("key", key);
        row.text("value", value);
        if (!usual.empty() && !decides)
            row.text("usual", usual);
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace

void addRules(const ReportSources& sources, ReportContent& content) {
    std::vector<TemplateData> rules;
    std::set<RuleKind> known;
    bool uncertainty = false;
    const auto ruleOf = [&](const SeedGroup& group) {
        return sources.experiments[group.runs.front()].selection.rule;
    };
    for (const auto& group : sources.groups) {
        const RuleKind kind = ruleOf(group);
        if (!known.insert(kind).second)
            continue;
        uncertainty = uncertainty || asksStudent(kind);
        TemplateData rule = valuesOf(sources.experiments[group.runs.front()]);
        // A formula has the values of one configuration; others of the same rule may have others.
        if (std::count_if(sources.groups.begin(), sources.groups.end(),
                          [&](const SeedGroup& other) { return ruleOf(other) == kind; }) > 1)
            rule.text("values_of", group.label);
        rules.push_back(std::move(rule));
    }
    content.data.list("rules", std::move(rules));
    content.data.flag("rules_ask_student", uncertainty);
    content.data.part("learning") = valuesOf(sources.run.experiment);
}

void addSettings(const ReportSources& sources, bool texts, ReportContent& content) {
    const Experiment shown = texts ? sources.run.experiment : withoutTexts(sources.run.experiment).first;
    auto rows = changedSettings(shown);
    content.data.flag("settings_changed", !rows.empty());
    content.data.list("settings", std::move(rows));
    if (sources.groups.size() < 2)
        return;
    std::vector<const RunSummary*> runs;
    for (const auto& run : sources.runs)
        runs.push_back(&run);
    std::vector<std::string> differing = differingSettings(runs);
    std::erase_if(differing, [](const std::string& key) {
        return key == "training.seed" || key == "training.threads" || key == "training.device" ||
               key.starts_with("training.checkpoint") || key == "teacher.examples";
    });
    std::vector<TemplateData> groups;
    for (const auto& group : sources.groups) {
        const RunSummary& run = sources.runs[group.runs.front()];
        TemplateData one;
        one.text("label", group.label);
        std::vector<TemplateData> values;
        for (const auto& key : differing)
            if (const std::string& value = settingOf(run, key); !value.empty()) {
                TemplateData setting;
                setting.text("key", key);
                setting.text("value", value);
                values.push_back(std::move(setting));
            }
        one.flag("nothing", values.empty());
        one.list("settings", std::move(values));
        groups.push_back(std::move(one));
    }
    content.data.list("group_settings", std::move(groups));
    content.data.flag("groups_differ", true);
}

} // namespace stillroom
