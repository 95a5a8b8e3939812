#include "app/cli/sweep_training.h"

#include "app/cli/asking.h"
#include "app/cli/interrupt.h"
#include "app/cli/loading.h"
#include "core/experiment/run_summary.h"

#include <chrono>

namespace stillroom::cli {

namespace {

using How = SweepTaskEnd::How;

SweepTaskEnd failed(const Error& error) {
    if (error.kind == ErrorKind::Cancelled)
        return {How::Interrupted};
    return {How::Failed, error};
}

} // namespace

std::optional<SweepTaskEnd> SweepTraining::takeUp(SweepTaskInHand& task) {
    const auto summary = summarizeRun(task.cutOffRun());
    // Killed between the run's last word and the sweep's.
    if (summary && summary->state == RunSummary::State::Completed)
        return SweepTaskEnd{How::Completed};
    if (summary && summary->state == RunSummary::State::Failed)
        return SweepTaskEnd{How::Failed, {summary->error, ErrorKind::Training}};
    const auto plan = planResume(task.cutOffRun(), {});
    if (!plan)
        return {};
    return train(task, plan->experiment, &*plan);
}

SweepTraining::SweepTraining(const SweepFolder& folder) : folder_(folder) {
    options_.badRows = folder.origin().badRows;
    options_.quiet = true;
}

SweepTaskEnd SweepTraining::train(SweepTaskInHand& task) {
    if (interrupted()) // between two tasks
        return {How::Interrupted};
    if (!task.cutOffRun().empty())
        if (auto end = takeUp(task))
            return *end;
    return train(task, task.experiment(), nullptr);
}

Result<const Prepared*> SweepTraining::dataFor(const Experiment& experiment) {
    const std::string key = dataKeyOf(experiment);
    if (!prepared_ || key != key_) {
        prepared_.reset(); // never two of them in memory
        auto loaded = loadWithProgress(experiment, folder_.origin().dataRoot, options_);
        if (!loaded)
            return fail(std::move(loaded.error()));
        prepared_ = std::move(*loaded);
        key_ = key;
    }
    return &*prepared_;
}

SweepTaskEnd SweepTraining::train(SweepTaskInHand& task, const Experiment& experiment,
                                  const ResumePlan* plan) {
    const auto shared = dataFor(experiment);
    if (!shared)
        return failed(shared.error());
    Prepared prepared = **shared; // data and teacher are shared, not copied
    RunOptions runOptions;
    runOptions.runsFolder = folder_.path();
    runOptions.dataRoot = folder_.origin().dataRoot;
    if (plan != nullptr)
        runOptions.asking = plan->origin.asking;
    if (auto asked = askFirst(experiment, prepared, runOptions, options_); !asked)
        return failed(asked.error());
    if (prepared.calibration)
        runOptions.messages.push_back(calibrationSentence(*prepared.calibration));
    auto run = plan != nullptr ? Run::resume(*plan, prepared.set, runOptions)
                               : Run::start(experiment, prepared.set, runOptions);
    if (!run)
        return failed(run.error());
    if (auto noted = task.runBegan((*run)->folder()); !noted)
        return failed(noted.error());
    return follow(**run, task);
}

SweepTaskEnd SweepTraining::follow(Run& run, const SweepTaskInHand& task) {
    using Clock = std::chrono::steady_clock;
    FinishedEvent end;
    bool stopSent = false, cancelled = false;
    auto looked = Clock::now();
    while (!run.finished()) {
        for (const auto& event : run.wait(std::chrono::milliseconds(100)))
            if (const auto* finished = std::get_if<FinishedEvent>(&event))
                end = *finished;
        if (!cancelled && Clock::now() - looked > std::chrono::milliseconds(500)) {
            looked = Clock::now();
            cancelled = task.cancelled();
        }
        if (!stopSent && (cancelled || interrupted())) {
            run.send(StopCommand{});
            stopSent = true;
        }
    }
    if (end.outcome == Outcome::Failed)
        return {How::Failed, {end.error, ErrorKind::Training}};
    if (end.outcome == Outcome::Stopped)
        return {cancelled ? How::Cancelled : How::Interrupted};
    return {How::Completed};
}

} // namespace stillroom::cli
