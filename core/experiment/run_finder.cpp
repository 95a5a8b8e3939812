#include "core/experiment/run_finder.h"

#include "core/files/atomic_file.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fmt/format.h>
#include <sys/stat.h>

namespace stillroom {

namespace {

namespace fs = std::filesystem;

FileStamp stampOf(const std::string& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0)
        return {};
    return {about.st_size, std::int64_t{about.st_mtim.tv_sec} * 1'000'000'000 + about.st_mtim.tv_nsec};
}

/// Nothing: it is no run.
bool runAt(const std::string& folder, FoundRun& run) {
    run.stamps[0] = stampOf(folder + "/run.sqlite");
    if (run.stamps[0] == FileStamp{})
        return false;
    run.stamps[2] = stampOf(folder + "/experiment.yaml");
    if (run.stamps[2] == FileStamp{})
        return false;
    run.stamps[1] = stampOf(folder + "/run.sqlite-wal");
    run.folder = folder;
    return true;
}

void look(const fs::path& folder, int level, const Progress& progress, std::vector<FoundRun>& found,
          std::error_code& error) {
    FoundRun run;
    if (runAt(folder.string(), run)) {
        found.push_back(std::move(run));
        return;
    }
    if (level == DeepestRun)
        return;
    // A folder that goes away meanwhile, or that nobody may read, holds no run that could be shown.
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (progress.cancelled())
            return;
        std::error_code ignored;
        if (entry->path().filename().native().front() != '.' && entry->is_directory(ignored))
            look(entry->path(), level + 1, progress, found, ignored);
    }
}

} // namespace

Result<std::vector<FoundRun>> findRuns(const std::string& runsFolder, const Progress& progress) {
    std::vector<FoundRun> found;
    std::error_code error;
    look(fs::path(runsFolder), 0, progress, found, error);
    if (progress.cancelled())
        return fail("looking for runs was cancelled", ErrorKind::Cancelled);
    if (error && error.value() != ENOENT)
        return fail(error.value() == ENOTDIR
                        ? fmt::format("{} is a file; choose a folder that holds runs", runsFolder)
                        : fmt::format("{} cannot be read: {}; choose another folder", runsFolder,
                                      describeErrno(error.value())));
    std::sort(found.begin(), found.end(),
              [](const FoundRun& a, const FoundRun& b) { return a.folder > b.folder; });
    return found;
}

} // namespace stillroom
