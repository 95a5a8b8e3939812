#include "core/data/columns.h"

#include "core/base/number.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace stillroom {

namespace {

/// A delimiter that the only column's name contains: the file was then probably read with a wrong one.
std::string_view likelyDelimiter(std::string_view header) {
    for (const std::string_view candidate : {"\t", ";", ",", "|"})
        if (header.find(candidate) != std::string_view::npos)
            return candidate == "\t" ? "tab" : candidate;
    return {};
}

} // namespace

std::string listNames(std::span<const std::string> names) {
    constexpr std::size_t Shown = 20;
    std::string list;
    for (std::size_t i = 0; i < std::min(names.size(), Shown); ++i)
        list += fmt::format("{}'{}'", i == 0 ? "" : ", ", names[i]);
    if (names.size() > Shown)
        list += fmt::format(" and {} more", names.size() - Shown);
    return list;
}

Result<std::size_t> findColumn(std::span<const std::string> columns, std::string_view name,
                               std::string_view file, std::string_view setting, std::string_view section) {
    const auto count = std::count(columns.begin(), columns.end(), name);
    if (count == 1)
        return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), name) - columns.begin());
    if (count > 1)
        return fail(fmt::format("{}: {} columns are called '{}' ({}); rename all but one", file, count, name,
                                setting));

    const std::string_view delimiter = columns.size() == 1 ? likelyDelimiter(columns[0]) : std::string_view{};
    if (!delimiter.empty())
        return fail(
            fmt::format("{}: there is no column '{}' ({}), only one called '{}'; the file looks as if it "
                        "was separated by {}: set {}.delimiter to it",
                        file, name, setting, columns[0],
                        delimiter == "tab" ? "tabs" : fmt::format("'{}'", delimiter), section));
    if (name.empty())
        return fail(fmt::format("{} is not set; name one of the columns of {}: {}", setting, file,
                                listNames(columns)));
    const std::vector<std::string_view> known(columns.begin(), columns.end());
    const std::string nearest = nearestWord(name, known);
    return fail(fmt::format("{}: there is no column '{}'; {}set {} to one of the columns there are: {}", file,
                            name, nearest.empty() ? "" : fmt::format("did you mean '{}'? ", nearest), setting,
                            listNames(columns)));
}

} // namespace stillroom
