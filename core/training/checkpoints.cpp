#include "core/training/checkpoints.h"

#include "core/engine/checkpoint_folder.h"

#include <algorithm>
#include <chrono>

namespace stillroom {

namespace {

/// Of training time, what checkpoints may cost: 1.7 %, so that a machine or a disk that is busier next time
/// stays below 3.
constexpr double Share = 1.0 / 60;
constexpr double Soonest = 10; // seconds

} // namespace

Checkpoints::Checkpoints(std::string folder, const CheckpointSettings& settings, std::int64_t step,
                         double seconds)
    : folder_(std::move(folder)), settings_(settings), step_(step), seconds_(seconds), patience_(Soonest) {}

bool Checkpoints::due(std::int64_t step, double secondsTrained) const {
    if (upToDate(step))
        return false;
    const auto& [everySteps, everyMinutes, keep] = settings_;
    if (!everySteps && !everyMinutes)
        return secondsTrained - seconds_ >= patience_;
    return (everySteps && step - step_ >= *everySteps) ||
           (everyMinutes && secondsTrained - seconds_ >= 60 * *everyMinutes);
}

Result<void> Checkpoints::write(const TrainingState& state, CheckpointManifest manifest,
                                double secondsTrained, double cost) {
    const auto begin = std::chrono::steady_clock::now();
    // Before the new one is there the recorder may not yet have what it answers for: the newest old one
    // stays.
    auto steps = checkpointSteps(folder_);
    steps.resize(std::min(steps.size(), static_cast<std::size_t>(std::max<std::int64_t>(settings_.keep, 1))));
    removeOthers(folder_, steps, manifest.bestFolder);
    manifest.files = {{StateFile, 0, {}}};
    auto written = addFolder(folder_, checkpointName(manifest.step), "last", [&](const std::string& folder) {
        auto done = state.write(folder + "/" + StateFile);
        return done ? writeManifest(folder, manifest) : done;
    });
    postpone(manifest.step, secondsTrained);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    patience_ = std::max(Soonest, (cost + took.count()) / Share);
    return written;
}

void Checkpoints::end(const std::string& best) const {
    if (folder_.empty())
        return;
    auto steps = checkpointSteps(folder_);
    if (settings_.keep == 0 && !steps.empty())
        static_cast<void>(pointLink(folder_, "last", {})); // one that cannot be removed stays
    steps.resize(std::min(steps.size(), static_cast<std::size_t>(settings_.keep)));
    removeOthers(folder_, steps, best);
}

} // namespace stillroom
