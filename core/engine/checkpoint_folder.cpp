#include "core/engine/checkpoint_folder.h"

#include "core/base/number.h"
#include "core/engine/checkpoint_manifest.h"
#include "core/files/atomic_file.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <unistd.h>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view TemporarySuffix = ".stillroom-tmp";
constexpr std::string_view StudentSuffix = "-student";

std::string temporaryName(const std::string& name) {
    return fmt::format(".{}.{}{}", name, getpid(), TemporarySuffix);
}

tl::unexpected<Error> cannotWrite(const fs::path& path, const std::error_code& error) {
    return fail(fmt::format("cannot write {}: {}", path.string(), describeErrno(error.value())),
                ErrorKind::Training);
}

/// The user is told of the folder, not of the hidden name it was being written under.
std::string replaced(std::string text, const std::string& from, const std::string& to) {
    if (const auto at = text.find(from); at != std::string::npos)
        text.replace(at, from.size(), to);
    return text;
}

/// Half a folder is never seen under its own name, not even while it goes.
void removeWhole(const fs::path& folder, const std::string& name) {
    std::error_code ignored;
    const fs::path hidden = folder / temporaryName(name);
    fs::remove_all(hidden, ignored);
    fs::rename(folder / name, hidden, ignored);
    fs::remove_all(hidden, ignored);
}

std::vector<std::string> namesIn(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        names.push_back(entry->path().filename().string());
    return names;
}

bool isName(const std::string& name, std::string_view suffix) {
    return name.ends_with(suffix) && name.size() > suffix.size() &&
           std::all_of(name.begin(), name.end() - static_cast<std::ptrdiff_t>(suffix.size()),
                       [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

std::string checkpointName(std::int64_t step) {
    return fmt::format("{:06}", step);
}

std::string studentName(std::int64_t step) {
    return checkpointName(step) + std::string(StudentSuffix);
}

std::vector<std::int64_t> checkpointSteps(const std::string& checkpointFolder) {
    std::vector<std::int64_t> steps;
    std::error_code ignored;
    for (const auto& name : namesIn(checkpointFolder))
        if (isName(name, "") && fs::exists(fs::path(checkpointFolder) / name / "manifest.json", ignored))
            if (const auto step = readInteger(name))
                steps.push_back(*step);
    std::sort(steps.rbegin(), steps.rend());
    return steps;
}

Result<void> pointLink(const std::string& checkpointFolder, const std::string& link,
                       const std::string& name) {
    const fs::path folder = checkpointFolder;
    std::error_code error;
    if (name.empty()) {
        fs::remove(folder / link, error);
        return error ? Result<void>(cannotWrite(folder / link, error)) : Result<void>();
    }
    const fs::path temporary = folder / temporaryName(link);
    fs::remove(temporary, error);
    fs::create_symlink(name, temporary, error);
    if (!error)
        fs::rename(temporary, folder / link, error);
    if (error) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        return cannotWrite(folder / link, error);
    }
    return syncFolder(QString::fromStdString(checkpointFolder));
}

Result<void> addFolder(const std::string& checkpointFolder, const std::string& name, const std::string& link,
                       const std::function<Result<void>(const std::string&)>& fill) {
    const fs::path folder = checkpointFolder;
    std::error_code error;
    if (!fs::exists(folder / name, error)) {
        const fs::path temporary = folder / temporaryName(name);
        fs::remove_all(temporary, error);
        fs::create_directories(temporary, error);
        if (error)
            return cannotWrite(folder / name, error);
        auto filled = fill(temporary.string());
        if (filled)
            fs::rename(temporary, folder / name, error);
        if (!filled || error) {
            std::error_code ignored;
            fs::remove_all(temporary, ignored);
            return filled ? Result<void>(cannotWrite(folder / name, error))
                          : Result<void>(fail(replaced(filled.error().message, temporary.string(),
                                                       (folder / name).string()),
                                              ErrorKind::Training));
        }
    }
    return pointLink(checkpointFolder, link, name);
}

void removeOthers(const std::string& checkpointFolder, const std::vector<std::int64_t>& keep,
                  const std::string& best) {
    std::set<std::string> needed{best};
    for (const auto step : keep) {
        needed.insert(checkpointName(step));
        if (const auto manifest =
                readManifest(checkpointFolder + "/" + checkpointName(step), ManifestCheck::Words))
            needed.insert(manifest->bestFolder);
    }
    for (const auto& name : namesIn(checkpointFolder)) {
        const bool ours = isName(name, "") || isName(name, StudentSuffix);
        if ((ours && needed.count(name) == 0) || (name.starts_with('.') && name.ends_with(TemporarySuffix)))
            removeWhole(checkpointFolder, name);
    }
}

} // namespace stillroom
