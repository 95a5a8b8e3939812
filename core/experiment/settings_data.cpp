// data.*
#include "core/experiment/setting_kinds.h"

namespace stillroom {

namespace {

template <class Member>
void addSplit(std::vector<Setting>& table, const std::string& section, Member split) {
    table.push_back(textsSetting(
        section + ".files", [split](auto& e) -> auto& { return split(e).files; }, true));
    table.push_back(textSetting(
        section + ".format", [split](auto& e) -> auto& { return split(e).format; }));
    table.push_back(textSetting(
        section + ".id", [split](auto& e) -> auto& { return split(e).id; }));
    table.push_back(textSetting(
        section + ".text", [split](auto& e) -> auto& { return split(e).text; }));
    table.push_back(textSetting(
        section + ".gold", [split](auto& e) -> auto& { return split(e).gold; }));
    table.push_back(textSetting(
        section + ".delimiter", [split](auto& e) -> auto& { return split(e).delimiter; }));
    table.push_back(textSetting(
        section + ".quoting", [split](auto& e) -> auto& { return split(e).quoting; }));
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
    table.push_back(textsSetting(
        "data.classes", [](auto& e) -> auto& { return e.data.classes; }, false));
}

} // namespace stillroom
