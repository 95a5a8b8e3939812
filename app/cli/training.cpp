#include "app/cli/training.h"

#include "app/cli/asking.h"
#include "app/cli/follower.h"
#include "app/cli/interrupt.h"
#include "app/cli/json_output.h"
#include "app/cli/loading.h"
#include "core/base/number.h"
#include "core/experiment/run.h"

#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <future>

namespace stillroom::cli {

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

std::string percent(double share) {
    return fmt::format("{:.1f} %", 100 * share);
}

QJsonObject resultJson(const Experiment& experiment, const Prepared& prepared, const Run& run,
                       const Follower& follower, double loadSeconds, double totalSeconds) {
    const FinishedEvent& end = follower.end();
    const auto text = [](std::string_view utf8) {
        return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
    };
    return {{QStringLiteral("run"), text(run.folder())},
            {QStringLiteral("name"), text(experiment.name)},
            {QStringLiteral("rule"), text(ruleName(experiment.selection.rule))},
            {QStringLiteral("seed"), static_cast<double>(experiment.training.seed)},
            {QStringLiteral("device"), text(follower.started().device)},
            {QStringLiteral("threads"), follower.started().threads},
            {QStringLiteral("outcome"), end.outcome == Outcome::Completed ? QStringLiteral("completed")
                                        : end.outcome == Outcome::Stopped ? QStringLiteral("stopped")
                                                                          : QStringLiteral("failed")},
            {QStringLiteral("epochs"), static_cast<double>(experiment.training.epochs)},
            {QStringLiteral("steps"), static_cast<double>(end.step)},
            {QStringLiteral("teacher"), teacherJson(prepared.quality)},
            {QStringLiteral("calibration"), calibrationJson(prepared.calibration)},
            {QStringLiteral("validation"), metricsJson(end.validation)},
            {QStringLiteral("test"), metricsJson(end.test)},
            {QStringLiteral("samples"), samplesJson(end.counts, experiment.training.epochs)},
            {QStringLiteral("flops"), QJsonObject{{QStringLiteral("scoring"), end.counts.scoringFlops},
                                                  {QStringLiteral("training"), end.counts.trainingFlops}}},
            {QStringLiteral("kept_precision"),
             end.keptWithGold > 0
                 ? QJsonValue(static_cast<double>(end.keptRight) / static_cast<double>(end.keptWithGold))
                 : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("seconds"), QJsonObject{{QStringLiteral("load"), loadSeconds},
                                                    {QStringLiteral("train"), end.trainSeconds},
                                                    {QStringLiteral("evaluate"), end.evaluateSeconds},
                                                    {QStringLiteral("total"), totalSeconds}}}};
}

void printSummary(const Experiment& experiment, const Run& run, const FinishedEvent& end) {
    const auto line = [](const char* split, const Metrics& metrics) {
        if (metrics.rows > 0)
            fmt::print("{:<12} accuracy {:.4f}   macro-F1 {:.4f}   ({} texts)\n", split, metrics.accuracy,
                       metrics.macroF1, groupThousands(metrics.rows));
    };
    line("validation", end.validation);
    line("test", end.test);
    const auto& counts = end.counts;
    if (counts.total == 0) // stopped before there was a student
        return;
    const auto work = static_cast<double>(counts.total * experiment.training.epochs);
    fmt::print("gradient work {} ({} samples), texts ever used {} ({} of {})\n",
               percent(static_cast<double>(counts.gradient) / work), groupThousands(counts.gradient),
               percent(static_cast<double>(counts.distinct) / static_cast<double>(counts.total)),
               groupThousands(counts.distinct), groupThousands(counts.total));
    if (end.keptWithGold > 0)
        fmt::print("kept labels right {}\n",
                   percent(static_cast<double>(end.keptRight) / static_cast<double>(end.keptWithGold)));
    fmt::print("trained in {:.1f} s; run folder {}\n", end.trainSeconds, run.folder());
}

/// While LibTorch is being loaded for nothing: nobody waits for that to see the prompt again.
[[noreturn]] void leaveAtOnce(int exitCode) {
    std::fflush(nullptr);
    std::_Exit(exitCode);
}

} // namespace

Result<Trained> train(const Experiment& experiment, RunOptions runOptions, const Options& options,
                      Clock::time_point processStart, const ResumePlan* plan) {
    catchInterrupts();
    // Torch takes a second to load, the data less: side by side.
    auto engine = std::async(std::launch::async, [] { return loadEngine(); });
    const auto loadStart = Clock::now();
    auto prepared = loadWithProgress(experiment, runOptions.dataRoot, options);
    if (!prepared)
        leaveAtOnce(report(prepared.error()));
    const double loadSeconds = secondsSince(loadStart);
    reportRepairs(*prepared, options);
    if (auto loaded = engine.get(); !loaded)
        return fail(loaded.error());
    if (interrupted())
        return fail(Error{"interrupted before training began", ErrorKind::Cancelled, {}});
    const auto askStart = Clock::now();
    if (auto asked = askFirst(experiment, *prepared, runOptions, options); !asked)
        return fail(std::move(asked.error()));
    const double askSeconds = secondsSince(askStart);

    RunOptions withMessages = runOptions;
    if (prepared->calibration)
        withMessages.messages.push_back(calibrationSentence(*prepared->calibration));
    auto run = plan != nullptr ? Run::resume(*plan, prepared->set, withMessages)
                               : Run::start(experiment, prepared->set, withMessages);
    if (!run)
        return fail(run.error());
    Follower follower(options.quiet);
    bool stopSent = false;
    while (!(*run)->finished()) {
        for (const auto& event : (*run)->wait(std::chrono::milliseconds(100)))
            follower.see(event);
        if (interrupted() && !stopSent) {
            (*run)->send(StopCommand{});
            stopSent = true;
        }
    }
    const FinishedEvent& end = follower.end();
    if (end.outcome == Outcome::Failed)
        return fail(
            Error{fmt::format("{} (run folder {})", end.error, (*run)->folder()), ErrorKind::Training, {}});
    Trained trained;
    trained.folder = (*run)->folder();
    trained.end = end;
    trained.json =
        resultJson(experiment, *prepared, **run, follower, loadSeconds, secondsSince(processStart));
    if (experiment.asking.on()) {
        trained.json.insert(QStringLiteral("asking"), askingJson(runOptions.asking));
        auto seconds = trained.json[QStringLiteral("seconds")].toObject();
        seconds.insert(QStringLiteral("ask"), askSeconds);
        trained.json.insert(QStringLiteral("seconds"), seconds);
    }
    if (!options.json)
        printSummary(experiment, **run, end);
    return trained;
}

int exitCodeOf(const Trained& trained) {
    const FinishedEvent& end = trained.end;
    if (end.outcome != Outcome::Stopped)
        return Done;
    if (end.step == 0)
        fmt::print(stderr, "stopped before the first step; nothing was learned yet (run folder {})\n",
                   trained.folder);
    else
        fmt::print(stderr,
                   "stopped after {} steps; the student so far is in {}/checkpoints, and "
                   "`stillroom-cli resume` goes on from here\n",
                   end.step, trained.folder);
    return Interrupted;
}

} // namespace stillroom::cli
