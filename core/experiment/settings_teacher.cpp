// teacher.*
#include "core/experiment/setting_kinds.h"

#include <fmt/format.h>

namespace stillroom {

namespace {

constexpr std::array<std::string_view, 6> kinds{"columns", "file", "simulated", "gold", "zero_shot", "llm"};
constexpr std::array<std::string_view, 2> poolings{"cls", "mean"};
constexpr std::array<std::string_view, 1> calibrations{"none"};

/// Written, so that a run says that the teacher was taken as it is; there is no other choice to keep.
Setting calibrationSetting() {
    return {"teacher.calibration", [](const Experiment&) { return std::string(calibrations[0]); },
            [](Experiment&, const YamlNode& node) -> YamlResult<void> {
                if (const auto word = readWordNode(node, calibrations); !word)
                    return tl::unexpected<YamlProblem>(word.error());
                return {};
            }};
}

/// {class: sentence}, or absent
Setting sentencesSetting() {
    const auto write = [](const Experiment& e) {
        std::string text;
        for (const auto& [name, sentence] : e.teacher.sentences)
            text += fmt::format("{}{}: {}", text.empty() ? "{" : ", ", yamlText(name), yamlText(sentence));
        return text.empty() ? text : text + "}";
    };
    const auto read = [](Experiment& e, const YamlNode& node) -> YamlResult<void> {
        if (node.kind != YamlNode::Kind::Map)
            return yamlProblem(node.place, fmt::format("expected a sentence for each class such as {{fire: "
                                                       "Something burns.}}, found {}",
                                                       describeNode(node)));
        std::vector<std::pair<std::string, std::string>> sentences;
        for (const auto& entry : node.entries) {
            auto sentence = readTextNode(entry.value);
            if (!sentence)
                return tl::unexpected<YamlProblem>(std::move(sentence.error()));
            sentences.emplace_back(entry.key, std::move(*sentence));
        }
        e.teacher.sentences = std::move(sentences);
        return {};
    };
    return {"teacher.sentences", write, read, [](Experiment& e) { e.teacher.sentences.clear(); }};
}

} // namespace

void addTeacherSettings(std::vector<Setting>& table) {
    table.push_back(wordSetting(
        "teacher.kind", [](auto& e) -> auto& { return e.teacher.kind; }, kinds));
    table.push_back(textSetting(
        "teacher.label", [](auto& e) -> auto& { return e.teacher.label; }));
    table.push_back(textSetting(
        "teacher.confidence", [](auto& e) -> auto& { return e.teacher.confidence; }));
    table.push_back(textSetting(
        "teacher.probabilities", [](auto& e) -> auto& { return e.teacher.probabilities; }));
    table.push_back(textSetting(
        "teacher.file", [](auto& e) -> auto& { return e.teacher.file; }));
    table.push_back(textSetting(
        "teacher.format", [](auto& e) -> auto& { return e.teacher.format; }));
    table.push_back(textSetting(
        "teacher.delimiter", [](auto& e) -> auto& { return e.teacher.delimiter; }));
    table.push_back(textSetting(
        "teacher.quoting", [](auto& e) -> auto& { return e.teacher.quoting; }));
    table.push_back(textSetting(
        "teacher.id", [](auto& e) -> auto& { return e.teacher.id; }));
    table.push_back(numberSetting(
        "teacher.accuracy", [](auto& e) -> auto& { return e.teacher.accuracy; }));
    table.push_back(numberSetting(
        "teacher.overconfidence", [](auto& e) -> auto& { return e.teacher.overconfidence; }));
    table.push_back(numberSetting(
        "teacher.confusion", [](auto& e) -> auto& { return e.teacher.confusion; }));
    table.push_back(integerSetting(
        "teacher.seed", [](auto& e) -> auto& { return e.teacher.seed; }));
    const Condition zeroShot{[](const Experiment& e) { return e.teacher.kind == TeacherKind::ZeroShot; },
                             "teacher.kind: zero_shot"};
    const Condition asked{[](const Experiment& e) {
                              return e.teacher.kind == TeacherKind::ZeroShot ||
                                     e.teacher.kind == TeacherKind::Llm;
                          },
                          "teacher.kind: zero_shot or llm"};
    table.push_back(onlyIf(asked, teacherModelSetting()));
    table.push_back(
        onlyIf(zeroShot, requiredTextSetting(
                             "teacher.sentence", [](auto& e) -> auto& { return e.teacher.sentence; })));
    table.push_back(onlyIf(zeroShot, sentencesSetting()));
    table.push_back(onlyIf(zeroShot, numberSetting(
                                         "teacher.scale", [](auto& e) -> auto& { return e.teacher.scale; })));
    table.push_back(
        onlyIf(zeroShot, integerSetting(
                             "teacher.length", [](auto& e) -> auto& { return e.teacher.length; })));
    table.push_back(onlyIf(
        zeroShot, wordSetting(
                      "teacher.pooling", [](auto& e) -> auto& { return e.teacher.pooling; }, poolings)));
    addLlmSettings(table);
    table.push_back(calibrationSetting());
}

} // namespace stillroom
