#include "app/cli/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/json_output.h"
#include "app/cli/slurm.h"
#include "app/cli/sweep_crew.h"
#include "app/cli/sweep_report.h"
#include "app/cli/sweep_training.h"
#include "core/base/number.h"
#include "core/experiment/find_experiment.h"
#include "core/experiment/sweep_rows.h"
#include "core/experiment/sweep_workers.h"

#include <filesystem>
#include <fmt/format.h>
#include <future>

namespace stillroom::cli {

namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> usage(std::string message) {
    return fail(std::move(message), ErrorKind::Usage);
}

void say(const Options& options, const std::string& message) {
    if (!options.quiet)
        fmt::print(stderr, "{}\n", message);
}

SlurmOptions slurmOptionsOf(const Options& options) {
    return {options.partition.value_or(""), options.time.value_or(""), options.slurmOptions,
            static_cast<int>(options.workers.value_or(0))};
}

Result<void> checkOptions(const Options& options) {
    const int doings = (options.worker ? 1 : 0) + (options.task ? 1 : 0) + (options.status ? 1 : 0) +
                       (options.collect ? 1 : 0) + (options.cancel ? 1 : 0) + (options.slurm ? 1 : 0);
    if (doings > 1)
        return usage(
            "--worker, --task, --status, --collect, --cancel and --slurm exclude each other; give one of "
            "them");
    if (!options.slurm &&
        (options.partition || options.time || !options.slurmOptions.empty() || options.dryRun))
        return usage("--partition, --time, --slurm-option and --dry-run do nothing without --slurm");
    return checkSlurmOptions(slurmOptionsOf(options));
}

/// A sweep that has begun is what it is.
Result<SweepFolder> openSweep(const Options& options) {
    if (!options.settings.empty() || options.seed || options.device || options.threads || options.data)
        return usage(
            fmt::format("--set, --seed, --device, --threads and --data change nothing of a sweep that was "
                        "begun; start another from {}/sweep.yaml",
                        options.target));
    return SweepFolder::open(options.target);
}

int workersOf(const Sweep& sweep, const Options& options) {
    return options.workers ? static_cast<int>(*options.workers) : sweepWorkers(sweep);
}

/// "All cores" is too many for each of several runs at once, and nothing that a cluster can be asked for.
void fixThreads(Sweep& sweep, const Options& options) {
    bool fixed = false;
    if (options.slurm && sweep.base.training.threads == 0) {
        sweep.base.training.threads = 1;
        fixed = true;
    } else {
        fixed = divideCores(sweep, workersOf(sweep, options));
    }
    if (fixed)
        say(options, fmt::format("each run gets {} thread{}; training.threads or --threads says otherwise",
                                 sweep.base.training.threads, sweep.base.training.threads == 1 ? "" : "s"));
}

Result<SweepFolder> beginSweep(const Options& options) {
    const auto path = findExperiment(options.target);
    if (!path)
        return fail(path.error());
    auto sweep = readSweep(*path);
    if (!sweep)
        return fail(std::move(sweep.error()));
    if (auto applied = applyOptions(sweep->base, options); !applied)
        return fail(std::move(applied.error()));
    fixThreads(*sweep, options);
    SweepOrigin origin;
    std::error_code ignored;
    origin.dataRoot =
        fs::absolute(dataRootFor(options.data.value_or(""), *path), ignored).lexically_normal().string();
    origin.badRows = options.badRows;
    auto folder = SweepFolder::create(options.runs, *sweep, origin);
    if (folder)
        say(options, fmt::format("{} runs, sweep folder {}", folder->tasks().size(), folder->path()));
    return folder;
}

Result<int> numberOf(const SweepFolder& folder, long long number) {
    if (number >= 1 && number <= static_cast<long long>(folder.tasks().size()))
        return static_cast<int>(number);
    return usage(
        fmt::format("there is no run {} in the sweep; its runs are 1 to {}", number, folder.tasks().size()));
}

/// --worker and --task: in this process.
int workHere(const SweepFolder& folder, const Options& options) {
    int only = 0;
    if (options.task) {
        const auto number = numberOf(folder, *options.task);
        if (!number)
            return report(number.error());
        only = *number;
    }
    catchInterrupts();
    auto engine = std::async(std::launch::async, [] { return loadEngine(); }); // while the data are read
    SweepTraining training(folder);
    const auto done = workOn(
        folder, [&](SweepTaskInHand& task) { return training.train(task); }, only);
    if (const auto loaded = engine.get(); !loaded)
        return report(loaded.error());
    if (!done)
        return report(done.error());
    if (done->interrupted)
        return Interrupted;
    if (only == 0)
        return Done;
    const auto status = folder.status(only);
    if (!status)
        return report(status.error());
    if (status->state == SweepStatus::State::Failed)
        return report({status->error, status->kind, {}});
    if (done->busy > 0)
        return report({fmt::format("run {} is being done by another process ({}, process {})", only,
                                   status->host, status->pid),
                       ErrorKind::Training,
                       {}});
    return Done;
}

int collect(const SweepFolder& folder, const Options& options) {
    const auto gathered = sweepRows(folder);
    if (!gathered)
        return report(gathered.error());
    if (options.json)
        printJson(sweepJson(folder, *gathered));
    else
        printResults(folder, *gathered);
    return exitCodeOf(*gathered);
}

int sayStatus(const SweepFolder& folder, const Options& options) {
    const auto gathered = sweepRows(folder);
    if (!gathered)
        return report(gathered.error());
    if (options.json)
        printJson(sweepJson(folder, *gathered));
    else
        printStates(*gathered, slurmStates(folder));
    return Done;
}

int cancelOne(const SweepFolder& folder, const Options& options) {
    const auto number = numberOf(folder, *options.cancel);
    if (!number)
        return report(number.error());
    if (auto asked = folder.requestCancel(*number); !asked)
        return report(asked.error());
    return Done;
}

int submit(const SweepFolder& folder, const Options& options) {
    SlurmOptions slurm = slurmOptionsOf(options);
    if (slurm.atOnce == 0)
        slurm.atOnce = static_cast<int>(folder.sweep().workers);
    const auto script = writeSlurmScript(folder, slurm);
    if (!script)
        return report(script.error());
    std::string job;
    if (!options.dryRun) {
        auto submitted = submitSlurm(folder, *script);
        if (!submitted)
            return report(submitted.error());
        job = std::move(*submitted);
    }
    if (options.json)
        printJson({{QStringLiteral("sweep"), QString::fromStdString(folder.path())},
                   {QStringLiteral("script"), QString::fromStdString(*script)},
                   {QStringLiteral("job"),
                    job.empty() ? QJsonValue(QJsonValue::Null) : QJsonValue(QString::fromStdString(job))}});
    else if (job.empty())
        fmt::print("written, not submitted: {}\n", *script);
    else
        fmt::print("submitted as job {}; `stillroom-cli sweep {} --status` and --collect say how it goes\n",
                   job, folder.path());
    return Done;
}

int workAll(const SweepFolder& folder, const Options& options) {
    if (auto worked = workAsCrew(folder, workersOf(folder.sweep(), options), options.quiet); !worked)
        return report(worked.error());
    return collect(folder, options);
}

} // namespace

int sweepCommand(const Options& options) {
    if (auto checked = checkOptions(options); !checked)
        return report(checked.error());
    const bool begun = SweepFolder::isOne(options.target);
    if (!begun && (options.worker || options.task || options.status || options.collect || options.cancel))
        return report({fmt::format("{} is no sweep's folder; give the one that `stillroom-cli sweep` made",
                                   options.target),
                       ErrorKind::BadInput,
                       {}});
    auto folder = begun ? openSweep(options) : beginSweep(options);
    if (!folder)
        return report(folder.error());
    if (options.again)
        if (auto reopened = folder->reopen(); !reopened)
            return report(reopened.error());
    if (options.worker || options.task)
        return workHere(*folder, options);
    if (options.status)
        return sayStatus(*folder, options);
    if (options.collect)
        return collect(*folder, options);
    if (options.cancel)
        return cancelOne(*folder, options);
    return options.slurm ? submit(*folder, options) : workAll(*folder, options);
}

} // namespace stillroom::cli
