#include "core/experiment/resume.h"

#include "core/engine/checkpoint_folder.h"
#include "core/engine/checkpoint_manifest.h"
#include "core/experiment/replay.h"
#include "core/experiment/run_lock.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace stillroom {

namespace {

bool isBelow(std::string_view key, std::string_view section) {
    return key == section ||
           (key.starts_with(section) && key.size() > section.size() && key[section.size()] == '.');
}

template <std::size_t N>
bool isBelowAny(std::string_view key, const std::array<std::string_view, N>& sections) {
    return std::any_of(sections.begin(), sections.end(),
                       [key](std::string_view section) { return isBelow(key, section); });
}

/// What may be another when a run goes on in its own folder: nothing that its records so far depend on.
constexpr std::array<std::string_view, 5> Extends{"training.epochs", "training.stop", "training.checkpoint",
                                                  "training.device", "training.threads"};
/// What a branch has of its parent.
constexpr std::array<std::string_view, 9> Inherited{"data",
                                                    "teacher",
                                                    "asking",
                                                    "student",
                                                    "training.batch",
                                                    "training.seed",
                                                    "training.score_every",
                                                    "training.packing",
                                                    "training.accumulate"};

Result<void> change(Experiment& experiment, const SettingChanges& changes) {
    for (const auto& [key, value] : changes)
        if (auto set = setSetting(experiment, key, value); !set)
            return set;
    return checkExperiment(experiment);
}

/// Everything up to the checkpoint is recorded: it may be on the disk before that is.
bool isRecorded(const StoredRun& run, const CheckpointManifest& manifest) {
    const auto complete =
        std::count_if(run.snapshots.begin(), run.snapshots.end(), [&](const SnapshotEvent& snapshot) {
            return snapshot.complete && snapshot.step <= manifest.step;
        });
    return !run.steps.empty() && run.steps.back().step >= manifest.step &&
           static_cast<std::int64_t>(run.evaluations.size()) >= manifest.evaluations &&
           complete >= manifest.step / manifest.stepsPerEpoch;
}

bool hasBest(const std::string& checkpoints, const CheckpointManifest& manifest) {
    std::error_code ignored;
    return manifest.bestFolder.empty() ||
           std::filesystem::exists(checkpoints + "/" + manifest.bestFolder + "/" + StudentFile, ignored);
}

/// The newest checkpoint at or before `step`, or exactly there; the plan's point stays 0 when there is none.
void choose(ResumePlan& plan, const StoredRun& run, std::optional<std::int64_t> step) {
    const std::string folder = run.path + "/checkpoints";
    for (const auto found : checkpointSteps(folder)) {
        if (step && found != *step)
            continue;
        const std::string name = checkpointName(found);
        const auto manifest = readManifest(folder + "/" + name, ManifestCheck::Files);
        if (!manifest) {
            plan.messages.push_back(manifest.error().message + "; an older one is taken");
            continue;
        }
        if (manifest->step != found || !isRecorded(run, *manifest))
            continue;
        if (!hasBest(folder, *manifest)) {
            plan.messages.push_back(fmt::format("the checkpoint {}/{} cannot be used: its best student is "
                                                "missing; an older one is taken",
                                                folder, name));
            continue;
        }
        plan.checkpoint = name;
        plan.point = {manifest->step, manifest->evaluations, manifest->openWindow, manifest->bestFolder, {}};
        for (const auto& snapshot : run.snapshots)
            if (snapshot.complete && snapshot.step <= manifest->step)
                plan.point.epochs.push_back(snapshot.epoch);
        return;
    }
}

/// All edits that the run has had or would still have.
Result<std::vector<PlannedEdit>> editsOf(ResumePlan& plan, const StoredRun& run) {
    if (run.origin.replayOf.empty())
        return plannedEdits(run);
    const auto repeated = StoredRun::open(run.origin.replayOf);
    if (!repeated)
        return fail(fmt::format("{} repeats another run, which cannot be read: {}", run.path,
                                repeated.error().message));
    auto replay = replayOf(*repeated);
    if (!replay)
        return fail(std::move(replay.error()));
    plan.endAfter = replay->endAfter;
    return std::move(replay->edits);
}

/// The edits of the run, apart: those that the checkpoint has seen are in force, the others are planned.
Result<void> takeEdits(ResumePlan& plan, const StoredRun& run) {
    auto planned = editsOf(plan, run);
    if (!planned)
        return fail(std::move(planned.error()));
    plan.inForce = plan.experiment;
    for (auto& edit : *planned) {
        if (edit.step > plan.point.step) {
            plan.edits.push_back(std::move(edit));
            continue;
        }
        plan.inForce.selection = edit.edit.selection;
        plan.inForce.loss = edit.edit.loss;
        plan.inForce.training.learningRate = edit.edit.learningRate;
    }
    return {};
}

Result<StoredRun> openIdle(const std::string& runFolder) {
    auto run = StoredRun::open(runFolder);
    if (!run)
        return run;
    if (isRunning(runFolder))
        return fail(fmt::format("{} is still going on; wait for its end, or stop it there", runFolder));
    if (run->format < 3)
        return fail(fmt::format("{} was recorded by an older Stillroom, which wrote no checkpoint to go on "
                                "from; `stillroom-cli replay` repeats it",
                                runFolder));
    return run;
}

Result<void> checkEnd(const StoredRun& run, const ResumePlan& plan, bool changed) {
    const bool completed = run.finished && run.end.outcome == Outcome::Completed;
    const std::int64_t total = run.started.stepsPerEpoch * plan.experiment.training.epochs;
    if (completed && run.end.step >= total)
        return fail(fmt::format("{} has ended after its {} epochs; to train on say how far: --epochs {}",
                                run.path, plan.experiment.training.epochs,
                                plan.experiment.training.epochs + 5));
    if (completed && !changed)
        return fail(fmt::format("{} has ended by its budget (training.stop); to train on raise it with --set",
                                run.path));
    if (plan.checkpoint.empty() && run.finished && run.end.outcome != Outcome::Failed && run.end.step > 0)
        return fail(fmt::format("{} has no checkpoint that can be gone on from{}; `stillroom-cli replay` "
                                "repeats it",
                                run.path,
                                plan.messages.empty() ? std::string() : ": " + plan.messages.front()));
    return {};
}

} // namespace

Result<ResumePlan> planResume(const std::string& runFolder, const SettingChanges& changes) {
    const auto run = openIdle(runFolder);
    if (!run)
        return fail(run.error());
    for (const auto& [key, value] : changes)
        if (!isBelowAny(key, Extends))
            return fail(
                fmt::format("{} cannot change in a run that goes on, only {} can; a branch (--branch) "
                            "is a new run with other settings",
                            key, fmt::join(Extends, ", ")));
    ResumePlan plan;
    plan.parent = run->path;
    plan.experiment = run->experiment;
    plan.origin = run->origin;
    if (auto changed = change(plan.experiment, changes); !changed)
        return fail(std::move(changed.error()));
    choose(plan, *run, std::nullopt);
    if (auto checked = checkEnd(*run, plan, !changes.empty()); !checked)
        return fail(std::move(checked.error()));
    if (plan.checkpoint.empty() && !plan.origin.branchOf.empty())
        return fail(fmt::format("{} is a branch whose first checkpoint is gone; branch again from {}",
                                run->path, plan.origin.branchOf));
    if (auto taken = takeEdits(plan, *run); !taken)
        return fail(std::move(taken.error()));
    return plan;
}

Result<ResumePlan> planBranch(const std::string& runFolder, std::optional<std::int64_t> step,
                              const SettingChanges& changes) {
    const auto run = openIdle(runFolder);
    if (!run)
        return fail(run.error());
    for (const auto& [key, value] : changes)
        if (isBelowAny(key, Inherited))
            return fail(fmt::format("{} cannot change in a branch, which goes on with its parent's samples, "
                                    "batches and student; start a run of its own",
                                    key));
    ResumePlan plan;
    plan.parent = run->path;
    plan.branches = true;
    plan.experiment = run->experiment;
    plan.origin = run->origin;
    choose(plan, *run, step);
    if (plan.checkpoint.empty()) {
        const auto there = checkpointSteps(run->path + "/checkpoints");
        std::string why =
            there.empty() ? std::string("training.checkpoint.keep says how many stay when a run has ended")
                          : fmt::format("there are those after steps {}", fmt::join(there, ", "));
        if (!plan.messages.empty())
            why = plan.messages.front();
        return fail(fmt::format("{} has no checkpoint{} to branch from: {}", run->path,
                                step && !there.empty() ? fmt::format(" after step {}", *step) : std::string(),
                                why));
    }
    if (auto taken = takeEdits(plan, *run); !taken)
        return fail(std::move(taken.error()));
    plan.edits.clear(); // the parent's way from here on, not the branch's
    plan.endAfter = 0;
    if (auto changed = change(plan.inForce, changes); !changed)
        return fail(std::move(changed.error()));
    plan.experiment = plan.inForce;
    plan.origin.branchOf = run->path;
    plan.origin.branchStep = plan.point.step;
    plan.origin.replayOf.clear();
    return plan;
}

} // namespace stillroom
