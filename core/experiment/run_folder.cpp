// A run's folder is made under a hidden name and renamed when it is whole:
//
//   runs/2026-11-24T031500.123-4821-humaid-llkd/
//     experiment.yaml   as resolved: every setting that is set, versions and device in its first lines
//     run.sqlite        what happened (the schema, with its conventions: run_schema.h)
//     checkpoints/      students, written by the session
//     output/           exports and reports
#include "core/experiment/run_folder.h"

#include "core/engine/checkpoint_folder.h"
#include "core/experiment/new_folder.h"
#include "core/experiment/run_database.h"
#include "core/experiment/run_lock.h"
#include "core/files/atomic_file.h"
#include "core/files/network_disk.h"
#include "core/lab/snapshot_file.h"

#include <QFile>
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <sys/stat.h>

namespace stillroom {

namespace fs = std::filesystem;

namespace {

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

Result<void> fillFolder(const std::string& folder, const std::string& runsFolder,
                        const Experiment& experiment, const RunOrigin& origin) {
    for (const char* below : {"/checkpoints", "/snapshots", "/output"})
        if (::mkdir((folder + below).c_str(), 0777) != 0)
            return fail(cannotWriteRuns(runsFolder, errno));
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
    for (const char* below : {"", "/snapshots"}) // what the process that was killed had half written
        sweepTemporaries(QFile::decodeName((path + below).c_str()));
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
    auto folder = NewFolder::make(runsFolder, experiment.name);
    if (!folder)
        return fail(std::move(folder.error()));
    if (auto filled = fillFolder(folder->path(), runsFolder, experiment, origin); !filled)
        return fail(folder->inItsPlace(std::move(filled.error())));
    if (auto filled = fill(folder->path()); !filled)
        return fail(folder->inItsPlace(std::move(filled.error())));
    auto lock = RunLock::take(folder->path());
    if (!lock)
        return fail(folder->inItsPlace(std::move(lock.error())));
    if (auto synced = syncFolder(QFile::decodeName(folder->path().c_str())); !synced)
        return fail(folder->inItsPlace(std::move(synced.error())));
    if (auto published = folder->publish(); !published)
        return fail(std::move(published.error()));
    auto d = std::make_unique<Private>();
    d->path = folder->path();
    d->experiment = experiment;
    d->origin = origin;
    d->lock = *std::move(lock);
    if (auto opened = d->open(); !opened)
        return fail(std::move(opened.error()));
    folder->keep();
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
