// teacher.*
#include "core/experiment/setting_kinds.h"

namespace stillroom {

namespace {

constexpr std::array<std::string_view, 4> kinds{"columns", "file", "simulated", "gold"};
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
    table.push_back(calibrationSetting());
}

} // namespace stillroom
