#include "core/output/output_folder.h"

#include "core/files/atomic_file.h"
#include "core/files/process_tag.h"

#include <QFile>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <random>
#include <sys/stat.h>
#include <unistd.h>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view UnfinishedPrefix = ".unfinished-";
constexpr std::size_t MarkDigits = 12; // the machine's tag, and eight by chance

tl::unexpected<Error> cannotWrite(const std::string& path, int error) {
    if (error == EEXIST)
        return fail(fmt::format("{} is there already; take it away, or choose another folder", path));
    return fail(fmt::format("{} cannot be written: {}; choose another folder, or make room", path,
                            describeErrno(error)));
}

bool isThere(const std::string& path) {
    struct stat about {};
    return ::lstat(path.c_str(), &about) == 0;
}

/// 0 or errno.
int rename(const std::string& from, const std::string& to, unsigned int flags) {
    return ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0 ? 0 : errno;
}

bool isUnknown(int error) {
    return error == EINVAL || error == ENOSYS; // network file systems know no flags
}

/// The process of this machine that has made it; 0: another's, or nobody knows.
pid_t ourProcess(std::string_view name) {
    name.remove_prefix(UnfinishedPrefix.size());
    const auto dash = name.find('-');
    if (dash == std::string_view::npos)
        return 0;
    const std::string_view number = name.substr(0, dash), mark = name.substr(dash + 1);
    if (mark.size() != MarkDigits || !mark.starts_with(hostTag()) ||
        mark.find_first_not_of("0123456789abcdef") != std::string_view::npos)
        return 0;
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), pid);
    return error == std::errc() && end == number.data() + number.size() && pid > 0 ? pid : 0;
}

/// What a killed process left: its maker is no more, or, where that is not known, it is a day old.
void sweepUnfinished(const fs::path& folder) {
    std::error_code error;
    const auto old = fs::file_time_type::clock::now() - std::chrono::hours(24);
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        const std::string name = entry->path().filename().string();
        if (!name.starts_with(UnfinishedPrefix))
            continue;
        const pid_t maker = ourProcess(name);
        if (maker > 0 ? !isProcessAlive(maker) : entry->last_write_time(ignored) < old)
            fs::remove_all(entry->path(), ignored);
    }
}

} // namespace

std::string folderName(const std::string& path) {
    const auto whole = fs::absolute(path).lexically_normal();
    return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

OutputFolder::OutputFolder(std::string path) : path_(fs::path(std::move(path)).lexically_normal().string()) {
    while (path_.size() > 1 && path_.back() == '/')
        path_.pop_back();
}

OutputFolder::~OutputFolder() {
    std::error_code ignored;
    if (!temporary_.empty())
        fs::remove_all(temporary_, ignored);
    for (auto folder = parents_.rbegin(); folder != parents_.rend(); ++folder)
        ::rmdir(folder->c_str()); // unless somebody has put something there
}

Result<void> OutputFolder::create() {
    const fs::path parent = fs::absolute(path_).lexically_normal().parent_path();
    std::vector<fs::path> missing;
    for (fs::path folder = parent; !folder.empty() && !isThere(folder.string());
         folder = folder.parent_path())
        missing.push_back(folder);
    for (auto folder = missing.rbegin(); folder != missing.rend(); ++folder)
        if (::mkdir(folder->c_str(), 0777) == 0)
            parents_.push_back(folder->string());
        else if (errno != EEXIST)
            return cannotWrite(path_, errno);
    sweepUnfinished(parent);
    static thread_local std::random_device device;
    const std::string name =
        (parent / fmt::format("{}{}-{}{:08x}", UnfinishedPrefix, ::getpid(), hostTag(), device())).string();
    if (::mkdir(name.c_str(), 0777) != 0)
        return cannotWrite(path_, errno);
    temporary_ = name;
    return {};
}

Error OutputFolder::inItsPlace(Error error) const {
    if (const auto at = error.message.find(temporary_); at != std::string::npos)
        error.message.replace(at, temporary_.size(), path_);
    return error;
}

Result<void> OutputFolder::commit(bool replace) {
    if (auto synced = syncFolder(QFile::decodeName(temporary_.c_str())); !synced)
        return fail(inItsPlace(std::move(synced.error())));
    int error = rename(temporary_, path_, RENAME_NOREPLACE);
    if (isUnknown(error))
        error = isThere(path_) ? EEXIST : rename(temporary_, path_, 0);
    if (error == 0) {
        temporary_.clear();
    } else if (error == EEXIST && replace) {
        // Afterwards the old one bears the temporary name, and goes with it.
        error = rename(temporary_, path_, RENAME_EXCHANGE);
        if (isUnknown(error)) { // the old one steps aside, and back when the new one cannot take its place
            const std::string aside = temporary_ + "-old";
            error = rename(path_, aside, 0);
            if (error == 0) {
                error = rename(temporary_, path_, 0);
                if (error == 0)
                    temporary_ = aside;
                else
                    rename(aside, path_, 0);
            }
        }
    }
    if (error != 0)
        return cannotWrite(path_, error);
    parents_.clear();
    return syncFolder(QFile::decodeName(fs::absolute(path_).parent_path().c_str()));
}

} // namespace stillroom
