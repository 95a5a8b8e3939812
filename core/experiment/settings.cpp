#include "core/experiment/settings.h"

#include "core/base/number.h"
#include "core/experiment/setting_kinds.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unordered_map>

namespace stillroom {

namespace {

std::vector<Setting> makeTable() {
    std::vector<Setting> table;
    table.push_back(requiredTextSetting(
        "name", [](auto& e) -> auto& { return e.name; }));
    addDataSettings(table);
    addTeacherSettings(table);
    addAskingSettings(table);
    addStudentSettings(table);
    addSelectionSettings(table);
    addTrainingSettings(table);
    return table;
}

} // namespace

const std::vector<Setting>& allSettings() {
    static const std::vector<Setting> table = makeTable();
    return table;
}

const Setting* findSetting(std::string_view key) {
    static const auto byKey = [] {
        std::unordered_map<std::string_view, const Setting*> map;
        for (const auto& setting : allSettings())
            map.emplace(setting.key, &setting);
        return map;
    }();
    const auto found = byKey.find(key);
    return found == byKey.end() ? nullptr : found->second;
}

std::vector<std::string_view> keysBelow(std::string_view section) {
    std::vector<std::string_view> keys;
    for (const auto& setting : allSettings()) {
        std::string_view key = setting.key;
        if (!section.empty()) {
            if (key.substr(0, section.size()) != section || key.size() <= section.size() ||
                key[section.size()] != '.')
                continue;
            key.remove_prefix(section.size() + 1);
        }
        key = key.substr(0, key.find('.'));
        if (keys.empty() || keys.back() != key)
            keys.push_back(key);
    }
    return keys;
}

std::string unknownKeySentence(std::string_view section, std::string_view key) {
    if (isSecretName(key.substr(key.rfind('.') + 1)))
        return fmt::format(
            "'{}': a key never stands in an experiment; put it into the environment variable that "
            "teacher.key_variable names (OPENAI_API_KEY), or into the system's keychain",
            key);
    if (const auto dot = key.rfind('.');
        dot != std::string_view::npos && section.empty() && findSetting(key) != nullptr)
        return fmt::format("unknown key '{}'; in a file '{}' stands below '{}'", key, key.substr(dot + 1),
                           key.substr(0, dot));
    const auto siblings = keysBelow(section);
    if (const std::string nearest = nearestWord(key, siblings); !nearest.empty())
        return fmt::format("unknown key '{}'; did you mean '{}'?", key, nearest);
    // Right word, wrong section.
    for (const auto& setting : allSettings())
        if (const auto dot = setting.key.rfind('.');
            dot != std::string::npos && setting.key.substr(dot + 1) == key)
            return fmt::format("unknown key '{}'; did you mean '{}'?", key, setting.key);
    return fmt::format("unknown key '{}'; {} known are {}", key,
                       section.empty() ? "at the top" : fmt::format("below '{}'", section),
                       fmt::join(siblings, ", "));
}

} // namespace stillroom
