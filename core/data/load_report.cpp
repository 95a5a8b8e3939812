#include "core/data/load_report.h"

#include "core/base/number.h"

#include <fmt/format.h>
#include <utility>

namespace stillroom {

std::string BadRow::sentence() const {
    return fmt::format("{}, line {}{}{}: {}", file, row, column.empty() ? "" : ", column ", column, reason);
}

void BadRows::add(BadRow row) {
    ++count;
    // Files are read one after the other, so the last one is the only one that can come again.
    if (row.file != lastFile) {
        ++files;
        lastFile = row.file;
    }
    if (first.size() < Listed)
        first.push_back(std::move(row));
}

Error BadRows::error() const {
    Error error;
    error.message =
        fmt::format("{} bad row{} in {} file{}; {}, or skip {} with --bad-rows skip", groupThousands(count),
                    count == 1 ? "" : "s", groupThousands(files), files == 1 ? "" : "s",
                    count == 1 ? "correct it" : "correct them", count == 1 ? "it" : "them");
    for (const auto& row : first)
        error.details.push_back(row.sentence());
    if (count > static_cast<std::int64_t>(first.size()))
        error.details.push_back(
            fmt::format("… and {} more", groupThousands(count - static_cast<std::int64_t>(first.size()))));
    return error;
}

} // namespace stillroom
