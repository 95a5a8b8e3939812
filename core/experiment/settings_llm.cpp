// teacher.* of a teacher that is an LLM
#include "core/experiment/setting_kinds.h"

#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr std::array<std::string_view, 3> asks{"logprobs", "stated", "votes"};

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// {class: what belongs to it}, or absent
Setting descriptionsSetting() {
    const auto write = [](const Experiment& e) {
        std::string text;
        for (const auto& [name, words] : e.teacher.llm.descriptions)
            text += fmt::format("{}{}: {}", text.empty() ? "{" : ", ", yamlText(name), yamlText(words));
        return text.empty() ? text : text + "}";
    };
    const auto read = [](Experiment& e, const YamlNode& node) -> YamlResult<void> {
        if (node.kind != YamlNode::Kind::Map)
            return yamlProblem(node.place, fmt::format("expected what belongs to each class such as {{fire: "
                                                       "Something burns.}}, found {}",
                                                       describeNode(node)));
        Pairs pairs;
        for (const auto& entry : node.entries) {
            auto words = readTextNode(entry.value);
            if (!words)
                return tl::unexpected<YamlProblem>(std::move(words.error()));
            pairs.emplace_back(entry.key, std::move(*words));
        }
        e.teacher.llm.descriptions = std::move(pairs);
        return {};
    };
    return {"teacher.descriptions", write, read, [](Experiment& e) { e.teacher.llm.descriptions.clear(); }};
}

YamlResult<std::pair<std::string, std::string>> readExample(const YamlNode& node) {
    static constexpr std::array<std::string_view, 2> keys{"text", "label"};
    if (node.kind != YamlNode::Kind::Map)
        return yamlProblem(
            node.place,
            fmt::format("expected an example such as {{text: The hills burn., label: fire}}, found {}",
                        describeNode(node)));
    if (auto checked = checkKeys(node, keys); !checked)
        return tl::unexpected<YamlProblem>(std::move(checked.error()));
    std::array<std::string, 2> parts;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const YamlNode* part = findKey(node, keys.at(i));
        if (part == nullptr)
            return yamlProblem(node.place, fmt::format("an example needs '{}'", keys.at(i)));
        auto text = readTextNode(*part);
        if (!text)
            return tl::unexpected<YamlProblem>(std::move(text.error()));
        parts.at(i) = std::move(*text);
    }
    return std::pair(std::move(parts[0]), std::move(parts[1]));
}

/// [{text: …, label: …}], or absent
Setting examplesSetting() {
    const auto write = [](const Experiment& e) {
        std::string text;
        for (const auto& [example, label] : e.teacher.llm.examples)
            text += fmt::format("{}{{text: {}, label: {}}}", text.empty() ? "[" : ", ", yamlText(example),
                                yamlText(label));
        return text.empty() ? text : text + "]";
    };
    const auto read = [](Experiment& e, const YamlNode& node) -> YamlResult<void> {
        if (node.kind != YamlNode::Kind::List)
            return yamlProblem(node.place,
                               fmt::format("expected a list of examples such as [{{text: The hills burn., "
                                           "label: fire}}], found {}",
                                           describeNode(node)));
        Pairs examples;
        for (const auto& item : node.items) {
            auto example = readExample(item);
            if (!example)
                return tl::unexpected<YamlProblem>(std::move(example.error()));
            examples.push_back(std::move(*example));
        }
        e.teacher.llm.examples = std::move(examples);
        return {};
    };
    return {"teacher.examples", write, read, [](Experiment& e) { e.teacher.llm.examples.clear(); }};
}

} // namespace

Setting teacherModelSetting() {
    // One key, whichever of the two kinds it is for: `kind` may stand below it in a file.
    return {"teacher.model",
            [](const Experiment& e) {
                const bool llm = e.teacher.kind == TeacherKind::Llm;
                const std::string& model = llm ? e.teacher.llm.model : e.teacher.model;
                return model.empty() ? std::string() : yamlText(model);
            },
            [](Experiment& e, const YamlNode& node) -> YamlResult<void> {
                auto model = readTextNode(node);
                if (!model)
                    return tl::unexpected<YamlProblem>(std::move(model.error()));
                e.teacher.model = *model;
                e.teacher.llm.model = std::move(*model);
                return {};
            },
            [](Experiment& e) {
                e.teacher.model.clear();
                e.teacher.llm.model.clear();
            }};
}

void addLlmSettings(std::vector<Setting>& table) {
    const Condition llm{[](const Experiment& e) { return e.teacher.kind == TeacherKind::Llm; },
                        "teacher.kind: llm"};
    const auto asked = [](LlmAsk ask) {
        return [ask](const Experiment& e) {
            return e.teacher.kind == TeacherKind::Llm && e.teacher.llm.ask == ask;
        };
    };
    const Condition votes{asked(LlmAsk::Votes), "teacher.kind: llm and teacher.ask: votes"};
    const Condition inWords{[](const Experiment& e) {
                                return e.teacher.kind == TeacherKind::Llm &&
                                       e.teacher.llm.ask != LlmAsk::LogProbabilities;
                            },
                            "teacher.kind: llm and teacher.ask: stated or votes"};
    const Condition shuffled{[](const Experiment& e) {
                                 return e.teacher.kind == TeacherKind::Llm && e.teacher.llm.shuffleChoices;
                             },
                             "teacher.kind: llm and teacher.shuffle_choices: true"};
    const auto add = [&](const Condition& condition, Setting setting) {
        table.push_back(onlyIf(condition, std::move(setting)));
    };
    add(llm, textSetting(
                 "teacher.base_url", [](auto& e) -> auto& { return e.teacher.llm.baseUrl; }));
    add(llm, wordSetting(
                 "teacher.ask", [](auto& e) -> auto& { return e.teacher.llm.ask; }, asks));
    add(llm, textSetting(
                 "teacher.prompt", [](auto& e) -> auto& { return e.teacher.llm.prompt; }));
    add(llm, descriptionsSetting());
    add(llm, examplesSetting());
    add(llm, boolSetting(
                 "teacher.shuffle_choices", [](auto& e) -> auto& { return e.teacher.llm.shuffleChoices; }));
    add(shuffled, integerSetting(
                      "teacher.shuffle_seed", [](auto& e) -> auto& { return e.teacher.llm.shuffleSeed; }));
    add(votes, integerSetting(
                   "teacher.samples", [](auto& e) -> auto& { return e.teacher.llm.samples; }));
    add(votes, numberSetting(
                   "teacher.temperature", [](auto& e) -> auto& { return e.teacher.llm.temperature; }));
    add(inWords, integerSetting(
                     "teacher.max_tokens", [](auto& e) -> auto& { return e.teacher.llm.maxTokens; }));
    add(llm, integerSetting(
                 "teacher.concurrency", [](auto& e) -> auto& { return e.teacher.llm.concurrency; }));
    add(llm, numberSetting(
                 "teacher.timeout", [](auto& e) -> auto& { return e.teacher.llm.timeout; }));
    add(llm, integerSetting(
                 "teacher.retries", [](auto& e) -> auto& { return e.teacher.llm.retries; }));
    add(llm, requiredTextSetting(
                 "teacher.key_variable", [](auto& e) -> auto& { return e.teacher.llm.keyVariable; }));
    add(llm, boolSetting(
                 "teacher.insecure_http", [](auto& e) -> auto& { return e.teacher.llm.insecureHttp; }));
    add(llm, numberSetting(
                 "teacher.prompt_price", [](auto& e) -> auto& { return e.teacher.llm.promptPrice; }));
    add(llm, numberSetting(
                 "teacher.answer_price", [](auto& e) -> auto& { return e.teacher.llm.answerPrice; }));
    add(llm, integerSetting(
                 "teacher.budget.tokens", [](auto& e) -> auto& { return e.teacher.llm.budgetTokens; }));
    add(llm, numberSetting(
                 "teacher.budget.money", [](auto& e) -> auto& { return e.teacher.llm.budgetMoney; }));
    add(llm, integerSetting(
                 "teacher.budget.calls", [](auto& e) -> auto& { return e.teacher.llm.budgetCalls; }));
    add(llm, textSetting(
                 "teacher.answers", [](auto& e) -> auto& { return e.teacher.llm.answers; }));
}

} // namespace stillroom
