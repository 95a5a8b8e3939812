#include "core/experiment/check_labels.h"

#include "core/base/number.h"

#include <algorithm>
#include <fmt/format.h>

namespace stillroom {

Result<void> checkTextColumns(const std::string& section, const SplitSettings& split) {
    std::vector<std::string> names{split.text};
    names.insert(names.end(), split.moreText.begin(), split.moreText.end());
    if (names.size() > 1 && std::find(names.begin(), names.end(), "") != names.end())
        return fail(section + ".text has an empty name in it");
    std::sort(names.begin(), names.end());
    if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end())
        return fail(fmt::format("{}.text names '{}' twice", section, *twice));
    return {};
}

Result<void> checkRenaming(const DataSettings& data) {
    const std::vector<std::string_view> known(data.classes.begin(), data.classes.end());
    for (const auto& [label, name] : data.rename) {
        if (name.empty())
            return fail(fmt::format("data.rename has no name for '{}'", label));
        if (known.empty() || std::find(known.begin(), known.end(), name) != known.end())
            continue;
        const std::string nearest = nearestWord(name, known);
        return fail(fmt::format("data.rename makes '{}' of '{}', which is not one of data.classes{}", name,
                                label, nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
    }
    return {};
}

} // namespace stillroom
