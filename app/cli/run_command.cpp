#include "app/cli/commands.h"
#include "app/cli/json_output.h"
#include "app/cli/training.h"

namespace stillroom::cli {

int runCommand(const Options& options, std::chrono::steady_clock::time_point processStart) {
    const auto chosen = chooseExperiment(options);
    if (!chosen)
        return report(chosen.error());
    RunOptions runOptions;
    runOptions.runsFolder = options.runs;
    runOptions.dataRoot = chosen->dataRoot;
    const auto trained = train(chosen->experiment, runOptions, options, processStart);
    if (!trained)
        return report(trained.error());
    if (options.json)
        printJson(trained->json);
    return exitCodeOf(*trained);
}

} // namespace stillroom::cli
