// Loading, training and telling of it, the same for every command that trains.
#pragma once

#include "app/cli/options.h"
#include "core/experiment/run.h"

#include <QJsonObject>
#include <chrono>
#include <string>

namespace stillroom::cli {

struct Trained {
    std::string folder;
    FinishedEvent end;
    QJsonObject json; ///< what `run --json` prints
};

/// Asks the teacher in rounds where the experiment has `asking:`, trains to the end, or to Ctrl-C; shows
/// progress on stderr and, without --json, prints a summary. Leaves the process with the exit code of bad
/// input when the data cannot be read. `runOptions.dataRoot` is where `data:` paths begin. With a plan the
/// run goes on as it says; the experiment is then the plan's.
Result<Trained> train(const Experiment& experiment, RunOptions runOptions, const Options& options,
                      std::chrono::steady_clock::time_point processStart, const ResumePlan* plan = nullptr);

/// Says on stderr where a run that was interrupted stands.
int exitCodeOf(const Trained& trained);

} // namespace stillroom::cli
