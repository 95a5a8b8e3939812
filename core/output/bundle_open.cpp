// The way back of core/output/bundle.h.
#include "core/engine/checkpoint_folder.h"
#include "core/experiment/open_run.h"
#include "core/experiment/run_folder.h"
#include "core/output/bundle.h"
#include "core/output/bundle_note.h"
#include "core/output/bundle_unpack.h"
#include "core/output/output_folder.h"

#include <cerrno>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>
#include <utility>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

constexpr int MostOfOneName = 1000;

/// Links that the archive could not hold: they are made anew, and lead nowhere but into checkpoints/.
Result<void> makeLinks(const std::string& folder, const BundleContents& contents) {
    std::error_code error;
    fs::remove(folder + '/' + std::string(BundleNote), error);
    for (const auto& [link, name] : {std::pair{"best", contents.best}, std::pair{"last", contents.last}})
        if (!name.empty() && name != link)
            if (auto linked = pointLink(folder + "/checkpoints", link, name); !linked)
                return linked;
    return {};
}

/// Folders that every run has, and that an archive without a file in them does not.
Result<void> makeFolders(const std::string& folder) {
    for (const char* below : {"/checkpoints", "/snapshots", "/output"})
        if (::mkdir((folder + below).c_str(), 0777) != 0 && errno != EEXIST)
            return fail(fmt::format("{}{} cannot be made", folder, below));
    return {};
}

/// Ours has tables and indexes alone; anything else in a database runs when the table is read.
Result<void> checkDatabase(const std::string& folder) {
    Database database;
    if (auto opened = openRun(database, folder); !opened)
        return fail(std::move(opened.error()));
    const auto others =
        database.value("SELECT COUNT(*) FROM sqlite_master WHERE type NOT IN ('table', 'index') "
                       "OR rootpage = 0 OR sql LIKE '%virtual%'");
    if (!others)
        return fail(others.error());
    if (*others != "0")
        return fail(fmt::format(
            "{}/run.sqlite has views, triggers or virtual tables, which no run's database has", folder));
    const auto sound = database.value("PRAGMA quick_check(1)");
    if (!sound)
        return fail(sound.error());
    if (*sound != "ok")
        return fail(
            fmt::format("{}/run.sqlite is damaged ({})", folder, sound->substr(0, sound->find('\n'))));
    return {};
}

/// What SQLite leaves beside a database that was only read, where it was kept with a log.
void tidy(const std::string& folder) {
    const std::string log = folder + "/run.sqlite-wal";
    std::error_code error;
    if (fs::file_size(log, error) == 0 && !error) {
        fs::remove(log, error);
        fs::remove(folder + "/run.sqlite-shm", error);
    }
}

/// "x.zip: it holds no run that can be opened: …"
Error of(const std::string& bundle, const std::string& temporary, Error error) {
    for (auto at = error.message.find(temporary); at != std::string::npos;
         at = error.message.find(temporary, at)) {
        const bool inside = error.message.compare(at + temporary.size(), 1, "/") == 0;
        error.message.replace(at, temporary.size() + (inside ? 1 : 0), inside ? "" : "its folder");
    }
    error.message = fmt::format("{} holds no run that can be opened: {}", bundle, error.message);
    return error;
}

/// A name that a folder can have: the run's, or of an archive without one its own.
std::string nameFor(const BundlePlan& plan, const std::string& bundle) {
    if (!plan.name.empty())
        return plan.name;
    const std::string stem = fs::path(bundle).stem().string();
    return wrongInName(stem).empty() && !stem.starts_with('.') ? stem : "opened-bundle";
}

} // namespace

Result<std::string> openBundle(const std::string& bundle, const std::string& runsFolder, Progress& progress) {
    const auto zip = ZipFile::open(bundle);
    if (!zip)
        return fail(zip.error());
    const auto plan = planUnpacking(*zip);
    if (!plan)
        return fail(plan.error());
    const auto contents = readBundleNote(*zip, *plan);
    if (!contents)
        return fail(contents.error());
    const std::string name = nameFor(*plan, bundle);
    for (int number = 1; number <= MostOfOneName; ++number) {
        const fs::path place =
            fs::path(runsFolder) / (number == 1 ? name : fmt::format("{}-{}", name, number));
        std::error_code ignored;
        if (fs::exists(fs::symlink_status(place, ignored)))
            continue;
        OutputFolder folder(place.string());
        if (auto made = folder.create(); !made)
            return fail(std::move(made.error()));
        if (auto unpacked = unpackBundle(*zip, *plan, folder.temporary(), progress); !unpacked)
            return fail(folder.inItsPlace(std::move(unpacked.error())));
        const auto check = [&]() -> Result<void> {
            if (auto made = makeFolders(folder.temporary()); !made)
                return made;
            if (auto linked = makeLinks(folder.temporary(), *contents); !linked)
                return linked;
            if (auto sound = checkDatabase(folder.temporary()); !sound)
                return sound;
            if (const auto run = StoredRun::open(folder.temporary()); !run)
                return fail(run.error());
            tidy(folder.temporary());
            if (progress.cancelled())
                return fail("unpacking was cancelled; nothing is left of it", ErrorKind::Cancelled);
            return {};
        };
        if (auto checked = check(); !checked)
            return fail(checked.error().kind == ErrorKind::Cancelled
                            ? std::move(checked.error())
                            : of(bundle, folder.temporary(), std::move(checked.error())));
        if (auto committed = folder.commit(false); !committed)
            return fail(std::move(committed.error()));
        return place.string();
    }
    return fail(fmt::format("{} has {} runs called {} already; rename some of them, or choose another runs "
                            "folder",
                            runsFolder, MostOfOneName, name));
}

} // namespace stillroom
