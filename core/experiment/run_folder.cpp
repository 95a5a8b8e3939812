// A run's folder is made under a hidden name and renamed when it is whole:
//
//   runs/2026-11-24T031500.123-4821-humaid-llkd/
//     experiment.yaml   as resolved: every setting that is set, versions and device in its first lines
//     run.sqlite        what happened (the schema, with its conventions: run_schema.h)
//     checkpoints/      students, written by the session
//     output/           exports and reports
#include "core/experiment/run_folder.h"

#include "core/experiment/new_folder.h"
#include "core/experiment/run_database.h"
#include "core/files/atomic_file.h"
#include "core/files/network_disk.h"
#include "core/lab/snapshot_file.h"

#include <QFile>
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fmt/format.h>
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
    if (auto written = writeYaml(folder, experiment, origin); !written)
        return written;
    if (auto made = RunDatabase::create(folder + "/run.sqlite", origin); !made)
        return made;
    return syncFolder(QFile::decodeName(folder.c_str()));
}

} // namespace

struct RunFolder::Private {
    std::string path;
    Experiment experiment;
    RunOrigin origin;
    RunDatabase database;
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
    auto folder = NewFolder::make(runsFolder, experiment.name);
    if (!folder)
        return fail(std::move(folder.error()));
    if (auto filled = fillFolder(folder->path(), runsFolder, experiment, origin); !filled)
        return fail(std::move(filled.error()));
    if (auto published = folder->publish(); !published)
        return fail(std::move(published.error()));
    auto d = std::make_unique<Private>();
    d->path = folder->path();
    d->experiment = experiment;
    d->origin = origin;
    if (auto opened = d->database.open(d->path + "/run.sqlite", isOnNetworkDisk(d->path)); !opened)
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
    return d_->database.close();
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
