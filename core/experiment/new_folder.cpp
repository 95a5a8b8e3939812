#include "core/experiment/new_folder.h"

#include "core/files/atomic_file.h"

#include <QDateTime>
#include <QFile>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <random>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view unfinishedPrefix = ".unfinished-";

/// Letters and digits of any script stay; what a shell or another file system may dislike becomes '-'.
std::string folderNameOf(const std::string& name) {
    std::string safe;
    for (const QChar c : QString::fromStdString(name).left(60))
        safe += c.isLetterOrNumber() || c == u'_' || c == u'.' || c.isSurrogate() ? QString(c).toStdString()
                                                                                  : std::string("-");
    return safe;
}

/// Distinct for runs that begin in the same millisecond, on other machines too.
std::string newName(const std::string& name) {
    static std::random_device device;
    std::uniform_int_distribution<int> digits(0, 9999);
    const auto time = QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd'T'HHmmss.zzz"));
    return fmt::format("{}-{:04}-{}", time.toStdString(), digits(device), folderNameOf(name));
}

/// Renames without replacing anything. 0 or errno, EEXIST when the name is taken.
int renameToNew(const std::string& from, const std::string& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    // Network file systems do not know it. Names are random, so looking first is enough there.
    struct stat about {};
    if (::lstat(to.c_str(), &about) == 0)
        return EEXIST;
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

/// What a process that was killed while it made a folder left: unfinished and a day old.
void sweepUnfinished(const std::string& runsFolder) {
    std::error_code error;
    const auto old = fs::file_time_type::clock::now() - std::chrono::hours(24);
    for (fs::directory_iterator entry(runsFolder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        if (entry->path().filename().string().compare(0, unfinishedPrefix.size(), unfinishedPrefix) == 0 &&
            entry->last_write_time(ignored) < old)
            fs::remove_all(entry->path(), ignored);
    }
}

} // namespace

Error cannotWriteRuns(const std::string& runsFolder, int error) {
    return {fmt::format("the runs folder {} cannot be written: {}; choose another with --runs, or make room",
                        runsFolder, describeErrno(error))};
}

Result<NewFolder> NewFolder::make(const std::string& runsFolder, const std::string& name) {
    NewFolder made;
    made.runsFolder_ = runsFolder;
    made.name_ = name;
    if (const int error = made.makeParents(); error == ENOTDIR)
        return fail(fmt::format(
            "{} is not a folder, or lies below a file; choose another runs folder with --runs", runsFolder));
    else if (error != 0)
        return fail(cannotWriteRuns(runsFolder, error));
    sweepUnfinished(runsFolder);
    const std::string hidden =
        (fs::path(runsFolder) / (std::string(unfinishedPrefix) + newName(name))).string();
    if (::mkdir(hidden.c_str(), 0777) != 0)
        return fail(cannotWriteRuns(runsFolder, errno));
    made.path_ = hidden;
    return made;
}

NewFolder::NewFolder(NewFolder&& other) noexcept
    : runsFolder_(std::move(other.runsFolder_)), name_(std::move(other.name_)), path_(std::move(other.path_)),
      parents_(std::move(other.parents_)), kept_(std::exchange(other.kept_, true)) {}

NewFolder::~NewFolder() {
    if (kept_)
        return;
    std::error_code ignored;
    if (!path_.empty())
        fs::remove_all(path_, ignored);
    for (auto folder = parents_.rbegin(); folder != parents_.rend(); ++folder)
        ::rmdir(folder->c_str());
}

int NewFolder::makeParents() {
    fs::path path;
    int refused = EACCES;
    for (const auto& part : fs::absolute(runsFolder_).lexically_normal()) {
        path /= part;
        if (::mkdir(path.c_str(), 0777) == 0)
            parents_.push_back(path.string());
        else if (errno == EROFS || errno == EACCES || errno == EPERM)
            refused = errno; // may be there all the same
        else if (errno == ENOENT)
            return refused;
        else if (errno != EEXIST)
            return errno;
    }
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0)
        return errno == ENOENT ? refused : errno;
    return S_ISDIR(about.st_mode) ? 0 : ENOTDIR;
}

Error NewFolder::inItsPlace(Error error) const {
    bool found = false;
    for (const std::string& hidden : {path_ + '/', path_})
        for (auto at = error.message.find(hidden); at != std::string::npos; at = error.message.find(hidden)) {
            error.message.replace(at, hidden.size(), hidden.back() == '/' ? "" : "its folder");
            found = true;
        }
    if (found)
        error.message = fmt::format("a new folder in {}: {}", runsFolder_, error.message);
    return error;
}

Result<void> NewFolder::publish() {
    int error = EEXIST;
    for (int attempt = 0; attempt < 100 && error == EEXIST; ++attempt) {
        const std::string path = (fs::path(runsFolder_) / newName(name_)).string();
        error = renameToNew(path_, path);
        if (error == 0)
            path_ = path;
    }
    if (error != 0)
        return fail(cannotWriteRuns(runsFolder_, error));
    return syncFolder(QFile::decodeName(runsFolder_.c_str()));
}

} // namespace stillroom
