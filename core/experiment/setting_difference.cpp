#include "core/experiment/setting_difference.h"

#include "core/experiment/experiment.h"

#include <algorithm>
#include <map>

namespace stillroom {

namespace {

constexpr const char* SeedKey = "training.seed";
constexpr const char* RuleKey = "selection.rule";
constexpr std::size_t MostWords = 4; // of a label

/// "decay" of "selection.decay".
std::string lastPart(const std::string& key) {
    return key.substr(key.rfind('.') + 1);
}

std::string labelOf(const RunSummary& run, const std::vector<std::string>& differing) {
    std::string label;
    std::size_t words = 0;
    const auto add = [&](const std::string& word) {
        if (++words <= MostWords)
            label += label.empty() ? word : ", " + word;
        else if (words == MostWords + 1)
            label += ", …";
    };
    // The rule is what one asks for first.
    if (std::find(differing.begin(), differing.end(), RuleKey) != differing.end())
        add(settingOf(run, RuleKey));
    for (const auto& key : differing)
        if (const auto& value = settingOf(run, key); key != SeedKey && key != RuleKey && !value.empty())
            add(lastPart(key) + " " + value);
    return label.empty() ? run.name : label;
}

} // namespace

const std::string& settingOf(const RunSummary& run, const std::string& key) {
    static const std::string none;
    const auto found = run.settings.find(key);
    return found == run.settings.end() ? none : found->second;
}

std::vector<std::string> differingSettings(std::span<const RunSummary* const> runs) {
    std::vector<std::string> keys;
    if (runs.size() < 2)
        return keys;
    for (const auto& key : settingKeys()) {
        if (key == "name")
            continue;
        const std::string& first = settingOf(*runs.front(), key);
        if (std::any_of(runs.begin() + 1, runs.end(),
                        [&](const RunSummary* run) { return settingOf(*run, key) != first; }))
            keys.push_back(key);
    }
    return keys;
}

std::vector<SeedGroup> groupBySeed(std::span<const RunSummary* const> runs) {
    const auto differing = differingSettings(runs);
    std::vector<SeedGroup> groups;
    std::map<std::vector<std::string>, std::size_t> known;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        std::vector<std::string> values;
        for (const auto& key : differing)
            if (key != SeedKey)
                values.push_back(settingOf(*runs[i], key));
        const auto [place, isNew] = known.emplace(std::move(values), groups.size());
        if (isNew)
            groups.push_back({{}, labelOf(*runs[i], differing)});
        groups[place->second].runs.push_back(i);
    }
    return groups;
}

} // namespace stillroom
