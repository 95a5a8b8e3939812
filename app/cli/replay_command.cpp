#include "app/cli/commands.h"
#include "app/cli/json_output.h"
#include "app/cli/training.h"
#include "core/experiment/replay.h"

#include <fmt/format.h>

namespace stillroom::cli {

namespace {

/// What the repetition says of itself, in the result's object.
QJsonObject comparisonJson(const StoredRun& run, const Replay& replay, const std::string& difference) {
    return {{QStringLiteral("run"), QString::fromStdString(run.path)},
            {QStringLiteral("edits"), static_cast<double>(replay.edits.size())},
            {QStringLiteral("identical"),
             replay.unfinished ? QJsonValue(QJsonValue::Null) : QJsonValue(difference.empty())},
            {QStringLiteral("difference"), difference.empty()
                                               ? QJsonValue(QJsonValue::Null)
                                               : QJsonValue(QString::fromStdString(difference))}};
}

void printComparison(const StoredRun& run, const Replay& replay, const std::string& difference) {
    const std::string edits =
        replay.edits.size() == 1 ? "1 edit" : fmt::format("{} edits", replay.edits.size());
    if (replay.unfinished)
        fmt::print("{} was cut off: it was run to its end with its {}\n", run.path, edits);
    else if (difference.empty())
        fmt::print("the same numbers as {}, with its {}\n", run.path, edits);
    else
        fmt::print("not the numbers of {} ({}): {}; same build, device and threads?\n", run.path, edits,
                   difference);
}

} // namespace

int replayCommand(const Options& options, std::chrono::steady_clock::time_point processStart) {
    const auto stored = StoredRun::open(options.target);
    if (!stored)
        return report(stored.error());
    auto replay = replayOf(*stored);
    if (!replay)
        return report(replay.error());
    if (auto applied = applyOptions(replay->experiment, options); !applied)
        return report(applied.error());
    RunOptions runOptions;
    runOptions.runsFolder = options.runs;
    runOptions.dataRoot = options.data.value_or(stored->origin.dataRoot);
    runOptions.replayOf = stored->path;
    runOptions.asking = stored->origin.asking;
    runOptions.plannedEdits = replay->edits;
    runOptions.endAfter = replay->endAfter;
    auto trained = train(replay->experiment, runOptions, options, processStart);
    if (!trained)
        return report(trained.error());
    if (trained->end.outcome == Outcome::Stopped && trained->end.step != replay->endAfter)
        return exitCodeOf(*trained);
    const std::string difference =
        replay->unfinished ? std::string() : firstDifference(stored->end, trained->end);
    if (options.json) {
        trained->json.insert(QStringLiteral("replay_of"), comparisonJson(*stored, *replay, difference));
        printJson(trained->json);
    } else {
        printComparison(*stored, *replay, difference);
    }
    return Done;
}

} // namespace stillroom::cli
