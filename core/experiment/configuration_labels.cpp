#include "core/experiment/configuration_labels.h"

#include "core/experiment/configurations.h"
#include "core/experiment/experiment.h"

#include <algorithm>
#include <set>

namespace stillroom {

namespace {

using AllSettings = std::vector<std::map<std::string, std::string>>;

/// "" where it is not set.
std::string valueOf(const std::map<std::string, std::string>& settings, const std::string& key) {
    const auto found = settings.find(key);
    return found == settings.end() ? std::string() : found->second;
}

/// Keys that do not say the same everywhere, in the order of an experiment's file.
std::vector<std::string> differingKeys(const AllSettings& settings) {
    std::vector<std::string> keys;
    for (const auto& key : settingKeys()) {
        std::set<std::string> values;
        for (const auto& one : settings)
            values.insert(valueOf(one, key));
        if (values.size() > 1)
            keys.push_back(key);
    }
    return keys;
}

/// Which configurations are alike in some settings: a number each.
using Groups = std::vector<std::size_t>;

/// Parts the groups further, by what `key` says.
Groups partedBy(const AllSettings& settings, const Groups& groups, const std::string& key) {
    std::map<std::pair<std::size_t, std::string>, std::size_t> known;
    Groups parted;
    for (std::size_t i = 0; i < settings.size(); ++i)
        parted.push_back(
            known.emplace(std::pair(groups[i], valueOf(settings[i], key)), known.size()).first->second);
    return parted;
}

/// Pairs that are alike.
std::size_t pairsAlike(const Groups& groups) {
    std::map<std::size_t, std::size_t> sizes;
    std::size_t pairs = 0;
    for (const std::size_t group : groups)
        pairs += sizes[group]++;
    return pairs;
}

/// A setting that tells some apart which those chosen before it do not.
struct Chosen {
    std::string key;
    Groups before; ///< alike in those chosen before
};

std::vector<Chosen> chooseKeys(const AllSettings& settings) {
    const auto differing = differingKeys(settings);
    std::vector<Chosen> chosen;
    Groups groups(settings.size(), 0);
    const auto choose = [&](const std::string& key) {
        chosen.push_back({key, groups});
        groups = partedBy(settings, groups, key);
    };
    if (std::find(differing.begin(), differing.end(), RuleKey) != differing.end())
        choose(RuleKey);
    for (;;) {
        std::size_t fewest = pairsAlike(groups);
        const std::string* best = nullptr;
        for (const auto& key : differing)
            if (const std::size_t alike = pairsAlike(partedBy(settings, groups, key)); alike < fewest) {
                fewest = alike;
                best = &key;
            }
        if (best == nullptr)
            return chosen;
        choose(*best);
    }
}

/// Whether others that are alike but for it say something else.
bool tellsApart(const AllSettings& settings, const Chosen& chosen, std::size_t which) {
    for (std::size_t i = 0; i < settings.size(); ++i)
        if (chosen.before[i] == chosen.before[which] &&
            valueOf(settings[i], chosen.key) != valueOf(settings[which], chosen.key))
            return true;
    return false;
}

} // namespace

std::string shortSettingName(const std::string& key) {
    for (std::size_t dot = key.rfind('.'); dot != std::string::npos && dot > 0;
         dot = key.rfind('.', dot - 1)) {
        const std::string end = key.substr(dot); // with its dot
        const auto& keys = settingKeys();
        const bool alone = std::none_of(keys.begin(), keys.end(), [&](const std::string& other) {
            return other != key && (other.ends_with(end) || "." + other == end);
        });
        if (alone)
            return end.substr(1);
    }
    return key;
}

std::vector<std::string> configurationLabels(const AllSettings& settings) {
    const auto chosen = chooseKeys(settings);
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < settings.size(); ++i) {
        std::string label;
        for (const auto& one : chosen) {
            const std::string value = valueOf(settings[i], one.key);
            if (one.key != RuleKey && !tellsApart(settings, one, i))
                continue;
            if (!label.empty())
                label += ", ";
            if (value.empty())
                label += "no " + shortSettingName(one.key);
            else
                label += one.key == RuleKey ? value : shortSettingName(one.key) + "=" + value;
        }
        labels.push_back(std::move(label));
    }
    return labels;
}

} // namespace stillroom
