// What a rule would keep right now. Without a run: by the teacher's side alone, as training would begin. Of a
// run: by the thresholds and the student's uncertainties at the end of one of its epochs, and with --set what
// other thresholds would have changed there.
#include "app/cli/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/json_output.h"
#include "app/cli/loading.h"
#include "app/cli/selection_report.h"
#include "core/base/number.h"
#include "core/experiment/find_experiment.h"
#include "core/experiment/run_folder.h"
#include "core/lab/snapshot_file.h"
#include "core/lab/tried_thresholds.h"
#include "core/lab/verdict_counts.h"

#include <fmt/format.h>
#include <numeric>

namespace stillroom::cli {

namespace {

int show(const SelectionReport& report, const Options& options) {
    if (options.json)
        printJson(selectionJson(report));
    else
        printSelection(report);
    return Done;
}

tl::unexpected<Error> wrongUsage(std::string sentence) {
    return fail(std::move(sentence), ErrorKind::Usage);
}

// ── without a run ───────────────────────────────────────────────────────────────────────────────────────

std::string noteWithoutRun(const SelectionSettings& selection, bool needsScores) {
    if (selection.rule == RuleKind::Llkd && !selection.fixedRatio) {
        std::string start =
            selection.fixedThresholds ? "" : "the thresholds are those that training begins with";
        if (!needsScores)
            return start;
        return fmt::format(
            "the teacher's side alone{}{}; the student's threshold refuses more (--run has both)",
            start.empty() ? "" : "; ", start);
    }
    if (needsScores)
        return fmt::format(
            "the rule '{}' looks at the student, so that without a run nothing is refused; --run "
            "says what a run kept",
            ruleName(selection.rule));
    if (selection.rule == RuleKind::Random && selection.resample)
        return "the samples of the first epoch; every epoch draws others";
    return {};
}

/// One batch of everything, as the first step of a run would see it.
std::vector<SampleTrace> decideAll(Rule& rule, const SampleTable& table) {
    std::vector<std::uint32_t> samples(table.size());
    std::iota(samples.begin(), samples.end(), 0U);
    Batch batch;
    batch.samples = samples;
    batch.labels = table.labels;
    batch.confidences = table.confidences;
    batch.gold = table.gold;
    Decision decision;
    rule.observe(batch, decision);
    std::vector<SampleTrace> traces;
    traces.reserve(table.size());
    for (const Verdict verdict : decision.verdicts)
        traces.emplace_back(verdict, std::numeric_limits<float>::quiet_NaN(), -1);
    return traces;
}

Result<SelectionReport> fromTeacher(const Experiment& experiment, const Prepared& prepared) {
    const SampleTable table(prepared.set);
    SelectionReport report;
    report.experiment = experiment.name;
    report.rule = experiment.selection.rule;
    report.classes = prepared.set.data->classes();
    if (auto good = checkClassNames(experiment.selection, report.classes); !good)
        return fail(std::move(good.error()));
    Population population;
    population.classCount = table.classCount;
    population.labels = table.labels;
    population.confidences = table.confidences;
    population.gold = table.gold;
    population.seed = static_cast<std::uint64_t>(experiment.training.seed);
    population.classNames = report.classes;
    SelectionSettings selection = experiment.selection;
    selection.weight = Weighting::Uniform; // what is kept does not depend on it, and it would ask the student
    auto rule = makeRule(selection, population);
    if (!rule)
        return fail(std::move(rule.error()));
    const bool needsScores = (*rule)->needsScores();
    report.thresholds.teacher = (*rule)->thresholds().teacher;
    if (needsScores || !report.thresholds.teacher.empty()) {
        report.counts = WhatIf().compute(table, {}, report.thresholds);
    } else {
        const auto decided = decideAll(**rule, table);
        report.counts = countVerdicts(table, decided, selection.rule);
        report.verdicts = verdictTotals(decided);
        report.thresholds.teacher = (*rule)->thresholds().teacher;
    }
    report.note = noteWithoutRun(selection, needsScores);
    return report;
}

// ── of a run ────────────────────────────────────────────────────────────────────────────────────────────

/// The run at the end of one of its epochs.
struct Moment {
    StoredRun run;
    std::int64_t epoch = 0;
    SelectionSettings selection;        ///< in force there, edits included
    SelectionSettings tried;            ///< with what --set asks for
    std::optional<WindowRecord> window; ///< the last one up to there; none: it was not recorded
};

Result<std::int64_t> chooseEpoch(const std::string& run, const std::optional<long long>& wanted) {
    const auto epochs = snapshotEpochs(run);
    if (epochs.empty())
        return fail(
            fmt::format("{} holds no snapshot of an epoch: it was stopped before one, or written by a "
                        "Stillroom that made none; leave --run out to see the teacher's side",
                        run));
    if (!wanted)
        return epochs.back();
    if (std::find(epochs.begin(), epochs.end(), *wanted) == epochs.end())
        return wrongUsage(fmt::format("--epoch {}: {} holds snapshots of the epochs {} to {}", *wanted, run,
                                      epochs.front(), epochs.back()));
    return *wanted;
}

/// Settings of a run's experiment as they stood when `step` was trained.
Result<Experiment> experimentAt(const StoredRun& run, std::int64_t step) {
    Experiment experiment = run.experiment;
    for (const auto& edit : run.edits)
        if (edit.step <= step)
            for (const auto& change : edit.changes)
                if (auto done = setSetting(experiment, change.key, change.to); !done)
                    return fail(fmt::format("{}: an edit of the run cannot be understood: {}", run.path,
                                            done.error().message));
    return experiment;
}

Result<void> checkRunOptions(const Options& options) {
    for (const auto& setting : options.settings)
        if (!setting.starts_with("selection.") && !setting.starts_with("selection="))
            return wrongUsage(
                fmt::format("--set {}: of a stored run only selection.* can be tried; everything else "
                            "is as the run was trained",
                            setting));
    if (options.seed)
        return wrongUsage("--seed belongs to training; of a stored run it cannot be tried");
    return {};
}

Result<Moment> findMoment(const Options& options) {
    if (auto good = checkRunOptions(options); !good)
        return fail(std::move(good.error()));
    auto run = StoredRun::open(*options.run);
    if (!run)
        return fail(std::move(run.error()));
    const auto epoch = chooseEpoch(run->path, options.epoch);
    if (!epoch)
        return fail(epoch.error());
    Moment moment;
    moment.run = *std::move(run);
    moment.epoch = *epoch;
    // Its end; the last epoch of a run that was stopped has not come so far.
    const std::int64_t end = moment.run.started.stepsPerEpoch * moment.epoch;
    for (const auto& window : moment.run.windows)
        if (window.lastStep <= end)
            moment.window = window;
    auto experiment = experimentAt(moment.run, moment.window ? moment.window->lastStep : end);
    if (!experiment)
        return fail(std::move(experiment.error()));
    moment.selection = experiment->selection;
    if (auto applied = applyOptions(*experiment, options); !applied)
        return fail(Error{applied.error().message, ErrorKind::Usage, {}});
    moment.tried = experiment->selection;
    if (!options.settings.empty() && !decidesByThresholds(moment.selection))
        return wrongUsage(
            fmt::format("the rule '{}' did not decide by thresholds that the run recorded: nothing can "
                        "be tried on it; leave --set out to see what it kept",
                        ruleName(moment.selection.rule)));
    return moment;
}

/// What was tried, in the place of the run's thresholds.
Result<Thresholds> thresholdsTried(const Moment& moment, std::span<const std::string> classes) {
    const StartedEvent& started = moment.run.started;
    const auto at = [&](double spent) {
        const RunPlace place(static_cast<double>(moment.window->lastStep - 1),
                             static_cast<double>(started.stepsPerEpoch),
                             static_cast<double>(started.stepsPerEpoch * started.epochs), spent);
        return triedThresholds(moment.window->thresholds, moment.selection, moment.tried, classes, place);
    };
    auto thresholds = at(0);
    const auto& stop = moment.run.experiment.training.stop;
    if (!thresholds || !(stop.gradientSamples || stop.distinctSamples))
        return thresholds;
    // How much of its budget was spent there is not recorded. Only schedules over the whole run ask for it.
    const auto late = at(1);
    if (!late || late->teacher != thresholds->teacher || late->student != thresholds->student)
        return wrongUsage(
            "schedules over the whole run cannot be tried on a run that ended by a budget of samples: "
            "how much of it was spent at that epoch is not recorded; give the schedule its `over`");
    return thresholds;
}

std::string noteOfRun(const SelectionReport& report) {
    if (report.thresholds.student.empty())
        return "by the thresholds at the end of the epoch";
    std::string note =
        "by the thresholds at the end of the epoch, and the student's uncertainties when it last "
        "saw each sample";
    if (report.counts.notScored == 0)
        return note;
    return fmt::format("{}; of {} it was not asked, and they pass its threshold", note,
                       groupThousands(report.counts.notScored));
}

Result<SelectionReport> fromRun(const Moment& moment, const Prepared& prepared, const Options& options) {
    const SampleTable table(prepared.set);
    SelectionReport report;
    report.experiment = moment.run.experiment.name;
    report.rule = moment.selection.rule;
    report.classes = prepared.set.data->classes();
    report.run = moment.run.path;
    report.epoch = moment.epoch;
    if (report.classes != moment.run.origin.classes)
        return fail(fmt::format(
            "the data has other classes than when {} was trained; name the folder of the data that "
            "it was trained on (--data)",
            moment.run.path));
    const std::string path = snapshotPath(moment.run.path, moment.epoch);
    auto snapshot = Snapshot::open(path, table.size());
    if (!snapshot)
        return fail(std::move(snapshot.error()));
    if ((*snapshot)->info().classCount != table.classCount)
        return fail(
            fmt::format("{} is of {} classes, but the data has {}; open it with the data that the run was "
                        "trained on",
                        path, (*snapshot)->info().classCount, table.classCount));
    report.complete = (*snapshot)->info().complete;
    const auto traces = (*snapshot)->traces();
    report.verdicts = verdictTotals(traces);
    if (!decidesByThresholds(moment.selection)) {
        report.counts = countVerdicts(table, traces, moment.selection.rule);
        report.note = fmt::format(
            "the rule '{}' does not decide by thresholds that a run records; this is what it kept "
            "in that epoch",
            ruleName(moment.selection.rule));
        return report;
    }
    if (!moment.window)
        return fail(fmt::format("{} recorded no thresholds up to epoch {}; it was stopped too early",
                                moment.run.path, moment.epoch));
    const Thresholds recorded{moment.window->thresholds.teacher, moment.window->thresholds.student, {}};
    report.thresholds = recorded;
    report.tried = options.settings;
    if (!report.tried.empty()) {
        auto thresholds = thresholdsTried(moment, report.classes);
        if (!thresholds)
            return fail(std::move(thresholds.error()));
        report.thresholds = *std::move(thresholds);
    }
    report.counts =
        WhatIf().compute(table, traces, report.thresholds, report.tried.empty() ? nullptr : &recorded);
    report.note = noteOfRun(report);
    return report;
}

int selectFromRun(const Options& options) {
    if (!options.target.empty())
        if (const auto found = findExperiment(options.target); !found) // a typo stays no secret
            return report(found.error());
    auto moment = findMoment(options);
    if (!moment)
        return report(moment.error());
    catchInterrupts();
    const std::string root = options.data.value_or(moment->run.origin.dataRoot);
    auto prepared = loadWithProgress(moment->run.experiment, root, options);
    if (!prepared)
        return report(prepared.error());
    if (const auto& asked = moment->run.origin.asking.rows; !asked.empty()) {
        auto set = onlyAsked(prepared->set, asked);
        if (!set)
            return report(set.error());
        prepared->set = std::move(*set);
    }
    auto selection = fromRun(*moment, *prepared, options);
    return selection ? show(*selection, options) : report(selection.error());
}

} // namespace

int selectCommand(const Options& options) {
    if (options.run)
        return selectFromRun(options);
    if (options.target.empty())
        return report({"name an experiment, or a run with --run", ErrorKind::Usage, {}});
    if (options.epoch)
        return report({"--epoch needs --run, the run whose epoch it is", ErrorKind::Usage, {}});
    auto chosen = chooseExperiment(options);
    if (!chosen)
        return report(chosen.error());
    catchInterrupts();
    auto prepared = loadWithProgress(chosen->experiment, chosen->dataRoot, options);
    if (!prepared)
        return report(prepared.error());
    reportRepairs(*prepared, options);
    auto selection = fromTeacher(chosen->experiment, *prepared);
    return selection ? show(*selection, options) : report(selection.error());
}

} // namespace stillroom::cli
