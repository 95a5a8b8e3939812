#include "core/data/labels.h"

#include "core/base/number.h"
#include "core/data/columns.h"

#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

void Labels::rename(const std::vector<std::pair<std::string, std::string>>& names) {
    renamed_ = names;
}

int Labels::classNumber(std::string_view name) {
    if (const int known = findClass(name); known >= 0)
        return known;
    const int number = static_cast<int>(names_.size());
    names_.emplace_back(name);
    classes_.emplace(names_.back(), number);
    return number;
}

int Labels::findClass(std::string_view name) const {
    const auto known = classes_.find(name);
    return known == classes_.end() ? -1 : known->second;
}

int Labels::number(std::string_view label) {
    if (renamed_.empty())
        return classNumber(label);
    if (const auto known = labels_.find(label); known != labels_.end())
        return known->second;
    const auto entry = std::find_if(renamed_.begin(), renamed_.end(),
                                    [&](const auto& renaming) { return renaming.first == label; });
    const int number = classNumber(entry == renamed_.end() ? label : std::string_view(entry->second));
    labels_.emplace(label, number);
    return number;
}

int Labels::find(std::string_view label) {
    if (renamed_.empty())
        return findClass(label);
    if (const auto known = labels_.find(label); known != labels_.end())
        return known->second;
    const auto entry = std::find_if(renamed_.begin(), renamed_.end(),
                                    [&](const auto& renaming) { return renaming.first == label; });
    const int number = findClass(entry == renamed_.end() ? label : std::string_view(entry->second));
    if (number >= 0) // what is no class may be anything, and many of it
        labels_.emplace(label, number);
    return number;
}

Result<void> Labels::allRenamed() const {
    if (labels_.empty())
        return {};
    for (const auto& [label, name] : renamed_) {
        if (labels_.find(label) != labels_.end())
            continue;
        std::vector<std::string> met;
        for (const auto& [known, number] : labels_)
            met.push_back(known);
        std::sort(met.begin(), met.end());
        const std::vector<std::string_view> known(met.begin(), met.end());
        const std::string nearest = nearestWord(label, known);
        return fail(fmt::format(
            "data.rename makes '{}' of '{}', but no label is called so; {}there are: {}", name, label,
            nearest.empty() ? "" : fmt::format("did you mean '{}'? ", nearest), listNames(met)));
    }
    return {};
}

} // namespace stillroom
