// A run's folder is made under a hidden name and renamed when it is whole:
//
//   runs/2026-11-24T031500.123-4821-humaid-llkd/
//     experiment.yaml   as resolved: every setting that is set, versions and device in its first lines
//     run.sqlite        what happened (the schema, with its conventions: run_schema.h)
//     checkpoints/      students, written by the session
//     output/           exports and reports
#include "core/experiment/run_folder.h"

#include "core/engine/checkpoint_folder.h"
#include "core/experiment/run_database.h"
#include "core/experiment/run_lock.h"
#include "core/files/atomic_file.h"
#include "core/files/network_disk.h"
#include "core/lab/snapshot_file.h"

#include <QDateTime>
#include <QFile>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <random>
#include <sys/stat.h>
#include <unistd.h>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view unfinishedPrefix = ".unfinished-";

Error cannotWrite(const std::string& runsFolder, int error) {
    return {fmt::format("the runs folder {} cannot be written: {}; choose another with --runs, or make room",
                        runsFolder, describeErrno(error))};
}

/// Letters and digits of any script stay; what a shell or another file system may dislike becomes '-'.
std::string folderNameOf(const std::string& name) {
    std::string safe;
    for (const QChar c : QString::fromStdString(name).left(60))
        safe += c.isLetterOrNumber() || c == u'_' || c == u'.' || c.isSurrogate() ? QString(c).toStdString()
                                                                                  : std::string("-");
    return safe;
}

/// Distinct for runs that begin in the same millisecond, on other machines too.
std::string newName(const std::string& experimentName) {
    static std::random_device device;
    std::uniform_int_distribution<int> digits(0, 9999);
    const auto time = QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd'T'HHmmss.zzz"));
    return fmt::format("{}-{:04}-{}", time.toStdString(), digits(device), folderNameOf(experimentName));
}

std::string oneLine(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return text;
}

std::string resolvedYaml(const Experiment& experiment, const RunOrigin& origin) {
    std::string head = fmt::format("# A run of Stillroom {}: every setting, nothing left to defaults.\n"
                                   "# LibTorch {}, BLAS {}, device {}, threads {}\n",
                                   origin.version, oneLine(origin.torchVersion), oneLine(origin.blas),
                                   oneLine(origin.device), origin.threads);
    head += fmt::format("# data below {}\n", oneLine(origin.dataRoot));
    return head + writeExperiment(experiment, YamlDetail::Everything);
}

Result<void> writeYaml(const std::string& folder, const Experiment& experiment, const RunOrigin& origin) {
    return writeFileAtomically(QFile::decodeName((folder + "/experiment.yaml").c_str()),
                               resolvedYaml(experiment, origin));
}

/// Folders that were made on the way; taken away again unless all went well.
class Scaffold {
  public:
    Scaffold() = default;
    Scaffold(const Scaffold&) = delete;
    Scaffold& operator=(const Scaffold&) = delete;
    ~Scaffold() {
        if (kept_)
            return;
        std::error_code ignored;
        if (!inside_.empty())
            fs::remove_all(inside_, ignored);
        for (auto folder = parents_.rbegin(); folder != parents_.rend(); ++folder)
            ::rmdir(folder->c_str());
    }
    /// 0 or errno.
    int makeParents(const fs::path& folder) {
        fs::path path;
        int refused = EACCES;
        for (const auto& part : fs::absolute(folder).lexically_normal()) {
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
    void own(std::string folder) { inside_ = std::move(folder); }
    void keep() { kept_ = true; }

  private:
    std::vector<std::string> parents_;
    std::string inside_;
    bool kept_ = false;
};

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

Result<void> fillFolder(const std::string& folder, const std::string& runsFolder,
                        const Experiment& experiment, const RunOrigin& origin) {
    for (const char* below : {"/checkpoints", "/snapshots", "/output"})
        if (::mkdir((folder + below).c_str(), 0777) != 0)
            return fail(cannotWrite(runsFolder, errno));
    return writeYaml(folder, experiment, origin);
}

/// What a branch has of its parent's files: the checkpoint it begins with, the best student of then, and the
/// snapshots of the epochs that were over.
Result<void> copyParts(const fs::path& from, const fs::path& to, const RewindPoint& point) {
    std::error_code error;
    const auto copy = [&](const fs::path& part) {
        if (!error)
            fs::copy(from / part, to / part, fs::copy_options::recursive, error);
    };
    const fs::path checkpoints = "checkpoints";
    const std::string name = checkpointName(point.step);
    copy(checkpoints / name);
    if (!point.best.empty())
        copy(checkpoints / point.best);
    for (const auto epoch : point.epochs)
        copy(snapshotPath("", epoch).substr(1));
    if (error)
        return fail(fmt::format("{} cannot be copied to {}: {}", from.string(), to.string(),
                                describeErrno(error.value())));
    const std::string folder = (to / checkpoints).string();
    if (auto linked = pointLink(folder, "last", name); !linked)
        return linked;
    return point.best.empty() ? Result<void>() : pointLink(folder, "best", point.best);
}

} // namespace

struct RunFolder::Private {
    std::string path;
    Experiment experiment;
    RunOrigin origin;
    RunDatabase database;
    std::unique_ptr<RunLock> lock;

    Result<void> open() { return database.open(path + "/run.sqlite", isOnNetworkDisk(path)); }

    static Result<std::unique_ptr<RunFolder>>
    make(const std::string& runsFolder, const Experiment& experiment, const RunOrigin& origin,
         const std::function<Result<void>(const std::string&)>& fill);
};

RunFolder::RunFolder(std::unique_ptr<Private> d) : d_(std::move(d)) {}

RunFolder::~RunFolder() {
    static_cast<void>(close());
}

const std::string& RunFolder::path() const {
    return d_->path;
}

std::string RunFolder::checkpointFolder() const {
    return d_->path + "/checkpoints";
}

Result<std::unique_ptr<RunFolder>> RunFolder::create(const std::string& runsFolder,
                                                     const Experiment& experiment, const RunOrigin& origin) {
    return Private::make(runsFolder, experiment, origin, [&](const std::string& folder) {
        return RunDatabase::create(folder + "/run.sqlite", origin);
    });
}

Result<std::unique_ptr<RunFolder>> RunFolder::branch(const std::string& runsFolder, const std::string& parent,
                                                     const Experiment& experiment, const RunOrigin& origin,
                                                     const RewindPoint& point) {
    return Private::make(runsFolder, experiment, origin, [&](const std::string& folder) {
        if (auto copied = copyParts(parent, folder, point); !copied)
            return copied;
        return RunDatabase::copy(parent + "/run.sqlite", folder + "/run.sqlite", origin, point);
    });
}

Result<std::unique_ptr<RunFolder>> RunFolder::reopen(const std::string& path, const Experiment& experiment,
                                                     const RunOrigin& origin, const RewindPoint& point) {
    auto d = std::make_unique<Private>();
    d->path = path;
    d->experiment = experiment;
    d->origin = origin;
    auto lock = RunLock::take(path);
    if (!lock)
        return fail(std::move(lock.error()));
    d->lock = *std::move(lock);
    if (auto written = writeYaml(path, experiment, origin); !written)
        return fail(std::move(written.error()));
    if (auto rewound = rewindRun(path, point); !rewound)
        return fail(std::move(rewound.error()));
    rewindCheckpoints(path + "/checkpoints", point);
    if (auto opened = d->open(); !opened)
        return fail(std::move(opened.error()));
    return std::unique_ptr<RunFolder>(new RunFolder(std::move(d)));
}

/// `fill` gives the hidden folder its database and whatever else it begins with.
Result<std::unique_ptr<RunFolder>>
RunFolder::Private::make(const std::string& runsFolder, const Experiment& experiment, const RunOrigin& origin,
                         const std::function<Result<void>(const std::string&)>& fill) {
    Scaffold scaffold;
    if (const int error = scaffold.makeParents(runsFolder); error == ENOTDIR)
        return fail(fmt::format(
            "{} is not a folder, or lies below a file; choose another runs folder with --runs", runsFolder));
    else if (error != 0)
        return fail(cannotWrite(runsFolder, error));
    sweepUnfinished(runsFolder);

    auto d = std::make_unique<Private>();
    d->experiment = experiment;
    d->origin = origin;
    const auto inRuns = [&](const std::string& name) { return (fs::path(runsFolder) / name).string(); };
    std::string name = newName(experiment.name);
    const std::string unfinished = inRuns(std::string(unfinishedPrefix) + name);
    if (::mkdir(unfinished.c_str(), 0777) != 0)
        return fail(cannotWrite(runsFolder, errno));
    scaffold.own(unfinished);
    if (auto filled = fillFolder(unfinished, runsFolder, experiment, origin); !filled)
        return fail(std::move(filled.error()));
    if (auto filled = fill(unfinished); !filled)
        return fail(std::move(filled.error()));
    auto lock = RunLock::take(unfinished);
    if (!lock)
        return fail(std::move(lock.error()));
    d->lock = *std::move(lock);
    if (auto synced = syncFolder(QFile::decodeName(unfinished.c_str())); !synced)
        return fail(std::move(synced.error()));

    int error = EEXIST;
    for (int attempt = 0; attempt < 100 && error == EEXIST; ++attempt) {
        if (attempt > 0)
            name = newName(experiment.name);
        d->path = inRuns(name);
        error = renameToNew(unfinished, d->path);
    }
    if (error != 0)
        return fail(cannotWrite(runsFolder, error));
    scaffold.own(d->path);
    if (auto synced = syncFolder(QFile::decodeName(runsFolder.c_str())); !synced)
        return fail(std::move(synced.error()));
    if (auto opened = d->open(); !opened)
        return fail(std::move(opened.error()));
    scaffold.keep();
    return std::unique_ptr<RunFolder>(new RunFolder(std::move(d)));
}

Result<void> RunFolder::record(const std::vector<Event>& events) {
    for (const auto& event : events) {
        if (const auto* snapshot = std::get_if<SnapshotEvent>(&event); snapshot && isStored(*snapshot)) {
            const SnapshotInfo info{snapshot->epoch, snapshot->step, snapshot->complete,
                                    static_cast<int>(d_->origin.classes.size())};
            if (auto written =
                    writeSnapshot(snapshotPath(d_->path, snapshot->epoch), info, *snapshot->traces);
                !written)
                return written;
        }
        if (const auto* started = std::get_if<StartedEvent>(&event)) {
            // Only now is it known what `auto` and "all cores" have become.
            d_->origin.device = d_->experiment.training.device = started->device;
            d_->origin.threads = started->threads;
            d_->experiment.training.threads = started->threads;
            if (auto written = writeYaml(d_->path, d_->experiment, d_->origin); !written)
                return written;
        }
    }
    return d_->database.record(events);
}

Result<void> RunFolder::close() {
    auto closed = d_->database.close();
    d_->lock.reset(); // whoever hears of the end may write it
    return closed;
}

Result<void> RunFolder::remove() {
    if (auto closed = close(); !closed)
        return closed;
    std::error_code error;
    fs::remove_all(d_->path, error);
    if (error)
        return fail(fmt::format("{} cannot be removed: {}", d_->path, describeErrno(error.value())));
    return {};
}

} // namespace stillroom
