#include "app/cli/options.h"

#include "core/experiment/find_experiment.h"

#include <filesystem>
#include <fmt/format.h>

namespace stillroom::cli {

void Options::addOutputTo(CLI::App& command) {
    command.add_flag("--quiet", quiet, "No progress, no messages; errors still go to stderr");
    command.add_flag("--json", json, "Print one JSON object to stdout and nothing else");
}

void Options::addTo(CLI::App& command, const std::string& targetName, const std::string& targetHelp) {
    command.add_option(targetName, target, targetHelp)->required();
    command
        .add_option("--data", data,
                    "Folder that `data:` paths begin in (else $STILLROOM_DATA, else the YAML's folder)")
        ->type_name("DIR");
    command.add_option("--runs", runs, "Folder for run folders")->type_name("DIR")->capture_default_str();
    command.add_option("--set", settings, "Change one setting, e.g. selection.decay=0.999 (repeatable)")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    command.add_option("--seed", seed, "training.seed")->type_name("N");
    command.add_option("--device", device, "training.device: auto, cpu or cuda:N")->type_name("DEVICE");
    command.add_option("--threads", threads, "training.threads; 0 is all cores")->type_name("N");
    command
        .add_option_function<std::string>(
            "--bad-rows",
            [this](const std::string& policy) {
                if (policy != "stop" && policy != "skip")
                    throw CLI::ValidationError("--bad-rows",
                                               fmt::format("must be stop or skip, not '{}'", policy));
                badRows = policy == "skip" ? BadRowPolicy::Skip : BadRowPolicy::Stop;
            },
            "stop (the default): list the first fifty and exit 3; skip: leave them out")
        ->type_name("stop|skip");
    addOutputTo(command);
}

void Options::addRunTo(CLI::App& command) {
    for (auto* option : command.get_options())
        if (option->get_positional())
            option->required(false);
    command
        .add_option("--run", run,
                    "A run folder: its student's uncertainties, its thresholds and its experiment")
        ->type_name("RUN");
    command.add_option("--epoch", epoch, "Epoch of the run (else its last one)")->type_name("N");
}

void Options::addLabelTo(CLI::App& command) {
    command
        .add_option("--base-url", baseUrl, "teacher.base_url: the server, such as http://127.0.0.1:8080/v1")
        ->type_name("URL");
    command.add_option("--model", model, "teacher.model: as the server calls it")->type_name("NAME");
    command.add_option("--limit", limit, "Only the first N training texts")->type_name("N");
    command.add_flag("--dry-run", dryRun, "Ask nobody; say what it would cost, and show the first prompt");
    command.add_flag("--again", again, "Ask again what was refused (its answer named no class)");
    command.add_option("--out", out, "Write the answers to a CSV for other programs")->type_name("FILE");
}

void Options::addExportTo(CLI::App& command) {
    command.add_option("run", runFolders, "Run folders")->required();
    command.add_option("--format", format, "tensorboard")->type_name("FORMAT")->required();
    command.add_option("--out", out, "Folder to write into; a folder for each run is made in it")
        ->type_name("DIR")
        ->required();
    addOutputTo(command);
}

Result<void> applyOptions(Experiment& experiment, const Options& options) {
    const auto set = [&](const std::string& key, const std::string& value) {
        return setSetting(experiment, key, value);
    };
    for (const auto& setting : options.settings) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos)
            return fail(fmt::format("--set {} has no '='; write --set key=value", setting), ErrorKind::Usage);
        const std::string key = setting.substr(0, equals);
        if (auto done = set(key, setting.substr(equals + 1)); !done) {
            const bool secret = isSecretName(key.substr(key.rfind('.') + 1)); // not to be shown
            return fail(fmt::format("--set {}: {}", secret ? key : setting, done.error().message),
                        ErrorKind::Usage);
        }
    }
    if (options.seed)
        if (auto done = set("training.seed", std::to_string(*options.seed)); !done)
            return fail(Error{done.error().message, ErrorKind::Usage, {}});
    if (options.device)
        if (auto done = set("training.device", *options.device); !done)
            return fail(Error{done.error().message, ErrorKind::Usage, {}});
    if (options.threads)
        if (auto done = set("training.threads", std::to_string(*options.threads)); !done)
            return fail(Error{done.error().message, ErrorKind::Usage, {}});
    return checkExperiment(experiment);
}

Result<ChosenExperiment> chooseExperiment(const Options& options) {
    ChosenExperiment chosen;
    auto path = findExperiment(options.target);
    if (!path)
        return fail(path.error());
    chosen.path = *path;
    auto experiment = readExperiment(chosen.path);
    if (!experiment)
        return fail(experiment.error());
    chosen.experiment = std::move(*experiment);
    if (auto applied = applyOptions(chosen.experiment, options); !applied)
        return fail(applied.error());
    // Absolute: the run folder remembers it, and `evaluate` may be called from elsewhere.
    std::error_code ignored;
    const std::string root = dataRootFor(options.data.value_or(""), chosen.path);
    chosen.dataRoot = std::filesystem::absolute(root, ignored).lexically_normal().string();
    return chosen;
}

int report(const Error& error) {
    fmt::print(stderr, "stillroom-cli: {}\n", error.message);
    for (const auto& detail : error.details)
        fmt::print(stderr, "  {}\n", detail);
    switch (error.kind) {
    case ErrorKind::BadInput:
        return BadInput;
    case ErrorKind::Usage:
        return UsageError;
    case ErrorKind::Training:
        return TrainingFailed;
    case ErrorKind::Cancelled:
        return Interrupted;
    }
    return TrainingFailed;
}

} // namespace stillroom::cli
