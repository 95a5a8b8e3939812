#include "widgets/run_archive.h"

#include "core/experiment/run_folder.h"

#include <utility>

namespace stillroom {

RunArchive::RunArchive(std::string folder, std::size_t samples)
    : folder_(std::move(folder)), samples_(samples) {}

Result<std::shared_ptr<const Snapshot>> RunArchive::snapshot(std::int64_t epoch) {
    const std::lock_guard lock(mutex_);
    if (const auto found = snapshots_.find(epoch); found != snapshots_.end())
        return found->second;
    auto opened = Snapshot::open(snapshotPath(folder_, epoch), samples_);
    if (opened)
        snapshots_[epoch] = *opened;
    return opened;
}

Result<std::vector<std::shared_ptr<const Snapshot>>> RunArchive::snapshots(std::int64_t last) {
    std::vector<std::shared_ptr<const Snapshot>> all;
    for (const std::int64_t epoch : snapshotEpochs(folder_)) {
        if (epoch > last)
            break;
        auto one = snapshot(epoch);
        if (!one)
            return fail(std::move(one.error()));
        all.push_back(std::move(*one));
    }
    return all;
}

Result<std::shared_ptr<const std::vector<WindowRecord>>> RunArchive::windows(std::int64_t step) {
    const std::lock_guard lock(mutex_);
    if (windows_ && step <= windowsUntil_)
        return windows_;
    auto run = StoredRun::open(folder_);
    if (!run)
        return fail(std::move(run.error()));
    windows_ = std::make_shared<const std::vector<WindowRecord>>(std::move(run->windows));
    windowsUntil_ = step;
    return windows_;
}

} // namespace stillroom
