#include "core/experiment/open_run.h"

#include "core/base/number.h"
#include "core/experiment/run_schema.h"

#include <filesystem>
#include <fmt/format.h>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

constexpr int LookedAtEvery = 4096; // rows: whether it was cancelled

bool hasLog(const std::string& path) {
    std::error_code ignored;
    const auto size = fs::file_size(path + "-wal", ignored);
    return !ignored && size > 0;
}

/// Opens and begins a read transaction.
Result<void> openForReading(Database& database, const std::string& path) {
    const auto begin = [&] { return database.value("BEGIN; ") && database.value("PRAGMA user_version"); };
    if (auto opened = database.open(path, Database::Mode::Read); !opened)
        return opened;
    if (begin())
        return {};
    Error error = database.error();
    // A finished run on a read-only disk: SQLite cannot make its shared memory there, and need not.
    if (hasLog(path))
        return fail(std::move(error));
    if (auto closed = database.close(); !closed)
        return closed;
    if (auto opened = database.open(path, Database::Mode::ReadImmutable); !opened)
        return opened;
    if (!begin())
        return fail(std::move(error));
    return {};
}

/// The format's number.
Result<std::int64_t> checkFormat(Database& database, const std::string& path) {
    const auto application = database.value("PRAGMA application_id");
    const auto format = database.value("PRAGMA user_version");
    if (!application || !format)
        return fail(application ? format.error() : application.error());
    if (readInteger(*application) != RunApplicationId)
        return fail(fmt::format("{} is not a run's database; it was not written by Stillroom", path));
    if (readInteger(*format).value_or(0) > RunFormat)
        return fail(
            fmt::format("{} was written by a newer Stillroom (format {}, this one reads up to {}); update "
                        "Stillroom to open it",
                        path, *format, RunFormat));
    return readInteger(*format).value_or(0);
}

} // namespace

Result<std::int64_t> openRun(Database& database, const std::string& runFolder) {
    const fs::path folder(runFolder);
    const std::string file = (folder / "run.sqlite").string();
    std::error_code ignored;
    if (!fs::exists(folder, ignored))
        return fail(fmt::format("{}: there is no such run", runFolder));
    if (!fs::is_directory(folder, ignored))
        return fail(fmt::format("{} is a file, not a run's folder", runFolder));
    if (!fs::exists(file, ignored))
        return fail(fmt::format("{} is not a run's folder: there is no run.sqlite in it", runFolder));
    if (auto opened = openForReading(database, file); !opened)
        return fail(std::move(opened.error()));
    return checkFormat(database, file);
}

Result<void> forEachRow(Database& database, std::string_view sql,
                        const std::function<void(const Statement&)>& use, const Progress* progress) {
    auto statement = database.prepare(sql);
    if (!statement)
        return fail(std::move(statement.error()));
    for (int row = 0;; ++row) {
        if (progress != nullptr && row % LookedAtEvery == 0 && progress->cancelled())
            return fail("reading the run was cancelled", ErrorKind::Cancelled);
        const auto there = statement->next();
        if (!there)
            return fail(there.error());
        if (!*there)
            return {};
        use(*statement);
    }
}

SampleCounts countsAt(const Statement& row, int column, std::int64_t total) {
    return {total,
            row.integer(column),
            row.integer(column + 1),
            row.integer(column + 2),
            row.real(column + 3),
            row.real(column + 4)};
}

} // namespace stillroom
