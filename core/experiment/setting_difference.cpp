#include "core/experiment/setting_difference.h"

#include "core/experiment/configuration_labels.h"
#include "core/experiment/experiment.h"

#include <map>
#include <set>
#include <string_view>

namespace stillroom {

namespace {

/// What makes a configuration: threads and the number of a GPU do not.
bool tellsApart(const std::string& key) {
    return key != "training.seed" && key != "training.threads";
}

std::string identityPart(const RunSummary& run, const std::string& key) {
    const std::string& value = settingOf(run, key);
    return key == "training.device" ? value.substr(0, value.find(':')) : value;
}

} // namespace

const std::string& settingOf(const RunSummary& run, const std::string& key) {
    static const std::string none;
    const auto found = run.settings.find(key);
    return found == run.settings.end() ? none : found->second;
}

std::vector<std::string> differingSettings(std::span<const RunSummary* const> runs) {
    std::set<std::string_view> differing;
    for (const auto* run : runs) {
        // Both are in the order of their keys: side by side, without looking any up.
        auto a = runs.front()->settings.begin(), b = run->settings.begin();
        const auto endA = runs.front()->settings.end(), endB = run->settings.end();
        while (a != endA || b != endB) {
            if (b == endB || (a != endA && a->first < b->first)) {
                differing.insert(a++->first);
            } else if (a == endA || b->first < a->first) {
                differing.insert(b++->first);
            } else {
                if (a->second != b->second)
                    differing.insert(a->first);
                ++a;
                ++b;
            }
        }
    }
    std::vector<std::string> keys;
    for (const auto& key : settingKeys())
        if (key != "name" && differing.contains(key))
            keys.push_back(key);
    return keys;
}

std::vector<SeedGroup> groupBySeed(std::span<const RunSummary* const> runs) {
    std::vector<std::string> keys = differingSettings(runs);
    std::erase_if(keys, [](const std::string& key) { return !tellsApart(key); });
    std::vector<SeedGroup> groups;
    std::vector<std::map<std::string, std::string>> settings; // of each group: what differs, where it is set
    std::map<std::map<std::string, std::string>, std::size_t> known;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        std::map<std::string, std::string> identity;
        for (const auto& key : keys)
            if (std::string value = identityPart(*runs[i], key); !value.empty())
                identity.emplace(key, std::move(value));
        const auto [place, isNew] = known.emplace(identity, groups.size());
        if (isNew) {
            groups.emplace_back();
            settings.push_back(std::move(identity));
        }
        groups[place->second].runs.push_back(i);
    }
    const auto labels = configurationLabels(settings);
    for (std::size_t i = 0; i < groups.size(); ++i)
        groups[i].label = labels[i].empty() ? runs[groups[i].runs.front()]->name : labels[i];
    return groups;
}

} // namespace stillroom
