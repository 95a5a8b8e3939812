// data.*
#include "core/experiment/setting_kinds.h"

#include <fmt/format.h>

namespace stillroom {

namespace {

/// The text's column, or a list of them: the first is `text`, the others are `moreText`.
template <class Member>
Setting textColumnsSetting(std::string key, Member split) {
    const auto write = [split](const Experiment& e) -> std::string {
        const SplitSettings& settings = split(e);
        if (settings.text.empty() && settings.moreText.empty())
            return {};
        std::vector<std::string> names{settings.text};
        names.insert(names.end(), settings.moreText.begin(), settings.moreText.end());
        return writeTexts(names, true);
    };
    const auto read = [split](Experiment& e, const YamlNode& node) -> YamlResult<void> {
        if (node.kind == YamlNode::Kind::List && node.items.empty())
            return yamlProblem(node.place, "expected a column or a list of columns, found an empty list");
        auto names = readTextsNode(node);
        if (!names)
            return tl::unexpected<YamlProblem>(std::move(names.error()));
        SplitSettings& settings = split(e);
        settings.text = std::move(names->front());
        names->erase(names->begin());
        settings.moreText = std::move(*names);
        return {};
    };
    return {std::move(key), write, read, [split](Experiment& e) {
                split(e).text.clear();
                split(e).moreText.clear();
            }};
}

/// {label in the files: class}, or absent
Setting renameSetting() {
    const auto write = [](const Experiment& e) {
        std::string text;
        for (const auto& [label, name] : e.data.rename)
            text += fmt::format("{}{}: {}", text.empty() ? "{" : ", ", yamlText(label), yamlText(name));
        return text.empty() ? text : text + "}";
    };
    const auto read = [](Experiment& e, const YamlNode& node) -> YamlResult<void> {
        if (node.kind != YamlNode::Kind::Map)
            return yamlProblem(node.place,
                               fmt::format("expected a class for each label such as {{0: sadness, "
                                           "1: joy}}, found {}",
                                           describeNode(node)));
        std::vector<std::pair<std::string, std::string>> rename;
        for (const auto& entry : node.entries) {
            auto name = readTextNode(entry.value);
            if (!name)
                return tl::unexpected<YamlProblem>(std::move(name.error()));
            rename.emplace_back(entry.key, std::move(*name));
        }
        e.data.rename = std::move(rename);
        return {};
    };
    return {"data.rename", write, read, [](Experiment& e) { e.data.rename.clear(); }};
}

template <class Member>
void addSplit(std::vector<Setting>& table, const std::string& section, Member split) {
    table.push_back(textsSetting(
        section + ".files", [split](auto& e) -> auto& { return split(e).files; }, true));
    table.push_back(textSetting(
        section + ".format", [split](auto& e) -> auto& { return split(e).format; }));
    table.push_back(textSetting(
        section + ".id", [split](auto& e) -> auto& { return split(e).id; }));
    table.push_back(textColumnsSetting(section + ".text", split));
    table.push_back(textSetting(
        section + ".gold", [split](auto& e) -> auto& { return split(e).gold; }));
    table.push_back(textSetting(
        section + ".delimiter", [split](auto& e) -> auto& { return split(e).delimiter; }));
    table.push_back(textSetting(
        section + ".quoting", [split](auto& e) -> auto& { return split(e).quoting; }));
    table.push_back(textSetting(
        section + ".encoding", [split](auto& e) -> auto& { return split(e).encoding; }));
    table.push_back(unlessTrueSetting(
        section + ".header", [split](auto& e) -> auto& { return split(e).header; }));
}

} // namespace

void addDataSettings(std::vector<Setting>& table) {
    addSplit(
        table, "data.train", [](auto& e) -> auto& { return e.data.train; });
    addSplit(
        table, "data.validation", [](auto& e) -> auto& { return e.data.validation; });
    addSplit(
        table, "data.test", [](auto& e) -> auto& { return e.data.test; });
    table.push_back(numberSetting(
        "data.holdout.validation", [](auto& e) -> auto& { return e.data.holdout.validation; }));
    table.push_back(numberSetting(
        "data.holdout.test", [](auto& e) -> auto& { return e.data.holdout.test; }));
    table.push_back(integerSetting(
        "data.holdout.seed", [](auto& e) -> auto& { return e.data.holdout.seed; }));
    table.push_back(boolSetting(
        "data.unescape_html", [](auto& e) -> auto& { return e.data.unescapeHtml; }));
    table.push_back(renameSetting());
    table.push_back(textsSetting(
        "data.classes", [](auto& e) -> auto& { return e.data.classes; }, false));
}

} // namespace stillroom
