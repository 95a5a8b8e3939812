#include "core/experiment/replay.h"

#include "core/base/number.h"

#include <fmt/format.h>

namespace stillroom {

namespace {

Result<PlannedEdit> planned(Experiment& experiment, const EditedEvent& edited, const std::string& run) {
    const auto damaged = [&](const std::string& why) {
        return fail(
            fmt::format("{}: the edit before step {} cannot be made again: {}", run, edited.step, why));
    };
    for (const auto& change : edited.changes)
        if (auto set = setSetting(experiment, change.key, change.to); !set)
            return damaged(set.error().message);
    if (auto checked = checkExperiment(experiment); !checked)
        return damaged(checked.error().message);
    return PlannedEdit{edited.step,
                       {experiment.selection, experiment.loss,
                        learningRateOf(experiment.training, experiment.student.kind), edited.changes}};
}

} // namespace

Result<std::vector<PlannedEdit>> plannedEdits(const StoredRun& run) {
    std::vector<PlannedEdit> edits;
    Experiment edited = run.experiment;
    for (const auto& event : run.edits) {
        if (event.step <= run.origin.branchStep)
            continue;
        auto edit = planned(edited, event, run.path);
        if (!edit)
            return fail(std::move(edit.error()));
        edits.push_back(*std::move(edit));
    }
    return edits;
}

Result<Replay> replayOf(const StoredRun& run) {
    if (run.started.samples == 0)
        return fail(fmt::format("{}: training had not begun, so there is nothing to repeat", run.path));
    if (!run.origin.branchOf.empty())
        return fail(fmt::format("{} is a branch: up to step {} it is {}, so that is what can be repeated; "
                                "then branch again",
                                run.path, run.origin.branchStep, run.origin.branchOf));
    Replay replay;
    replay.experiment = run.experiment;
    auto edits = plannedEdits(run);
    if (!edits)
        return fail(std::move(edits.error()));
    replay.edits = *std::move(edits);
    replay.unfinished = !run.finished || run.end.outcome == Outcome::Failed;
    const bool endedByHand = run.finished && run.end.outcome == Outcome::Stopped;
    const bool endedByTime =
        run.finished && run.end.outcome == Outcome::Completed && run.experiment.training.stop.minutes;
    if (endedByHand || endedByTime)
        replay.endAfter = run.end.step;
    if (endedByHand && run.end.step == 0)
        return fail(
            fmt::format("{}: it was stopped before its first step, so there is nothing to repeat", run.path));
    return replay;
}

std::string firstDifference(const FinishedEvent& run, const FinishedEvent& repeated) {
    std::string found;
    const auto compare = [&](const std::string& what, double was, double is) {
        if (found.empty() && was != is)
            found = fmt::format("{} was {} and is {}", what, writeNumber(was), writeNumber(is));
    };
    const auto count = [&](const char* what, std::int64_t was, std::int64_t is) {
        compare(what, static_cast<double>(was), static_cast<double>(is));
    };
    count("the last step", run.step, repeated.step);
    count("the number of texts scored", run.counts.seen, repeated.counts.seen);
    count("the number of gradient samples", run.counts.gradient, repeated.counts.gradient);
    count("the number of distinct samples", run.counts.distinct, repeated.counts.distinct);
    count("the number of kept labels that are right", run.keptRight, repeated.keptRight);
    for (const auto& [name, was, is] : {std::tuple("validation", &run.validation, &repeated.validation),
                                        std::tuple("test", &run.test, &repeated.test)}) {
        compare(fmt::format("{} accuracy", name), was->accuracy, is->accuracy);
        compare(fmt::format("{} macro-F1", name), was->macroF1, is->macroF1);
        compare(fmt::format("{} loss", name), was->loss, is->loss);
        if (found.empty() && was->confusion != is->confusion)
            found = fmt::format("the {} confusion matrix is another", name);
    }
    return found;
}

} // namespace stillroom
