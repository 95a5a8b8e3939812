#include "app/cli/commands.h"
#include "app/cli/json_output.h"
#include "app/cli/training.h"
#include "core/experiment/resume.h"

#include <fmt/format.h>

namespace stillroom::cli {

namespace {

Result<ResumePlan> planOf(const Options& options) {
    auto changes = settingChanges(options);
    if (!changes)
        return fail(std::move(changes.error()));
    if (options.epochs)
        changes->emplace_back("training.epochs", std::to_string(*options.epochs));
    if (options.at && !options.branch)
        return fail("--at needs --branch: a run goes on from its newest checkpoint, a branch from any",
                    ErrorKind::Usage);
    return options.branch ? planBranch(options.target, options.at, *changes)
                          : planResume(options.target, *changes);
}

QJsonObject planJson(const ResumePlan& plan) {
    return {{QStringLiteral("run"), QString::fromStdString(plan.parent)},
            {QStringLiteral("step"), static_cast<double>(plan.point.step)},
            {QStringLiteral("branch"), plan.branches}};
}

} // namespace

int resumeCommand(const Options& options, std::chrono::steady_clock::time_point processStart) {
    auto plan = planOf(options);
    if (!plan)
        return report(plan.error());
    if (options.data)
        plan->origin.dataRoot = *options.data;
    if (!options.quiet)
        for (const auto& message : plan->messages)
            fmt::print(stderr, "{}\n", message);
    RunOptions runOptions;
    runOptions.runsFolder = options.runs;
    runOptions.dataRoot = plan->origin.dataRoot;
    runOptions.asking = plan->origin.asking;
    auto trained = train(plan->experiment, runOptions, options, processStart, &*plan);
    if (!trained)
        return report(trained.error());
    if (options.json) {
        trained->json.insert(QStringLiteral("resumed"), planJson(*plan));
        printJson(trained->json);
    }
    return exitCodeOf(*trained);
}

} // namespace stillroom::cli
