#include "app/cli/options.h"

#include "core/base/number.h"
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

void Options::addResumeTo(CLI::App& command) {
    command.add_option("--epochs", epochs, "Train on to so many epochs in all (training.epochs)")
        ->type_name("N");
    command.add_flag("--branch", branch,
                     "A new run that begins as this one was at a checkpoint, with other settings (--set)");
    command
        .add_option_function<std::string>(
            "--at",
            [this](const std::string& step) { // "000864", as the checkpoint's folder, too
                const auto number = readInteger(step);
                if (!number || *number < 1)
                    throw CLI::ValidationError("--at", fmt::format("must be a step, not '{}'", step));
                at = *number;
            },
            "With --branch: the checkpoint after this step (else the newest)")
        ->type_name("STEP");
}

void Options::addSweepTo(CLI::App& command) {
    command.add_option("--workers", workers, "Runs at once (else what the YAML says, or as many as fit)")
        ->type_name("N")
        ->check(CLI::Range(1, 1024));
    command.add_flag("--again", again, "Do again what failed or was cancelled");
    command.add_option("--cancel", cancel, "Run N of the sweep is not wanted any more, begun or not")
        ->type_name("N");
    command.add_flag("--status", status, "Say where each run stands; start nothing");
    command.add_flag("--collect", collect, "Print the results there are; start nothing");
    command.add_flag("--slurm", slurm, "Submit what is left as a job array of Slurm, one task a run");
    command.add_option("--partition", partition, "--slurm: the partition")->type_name("NAME");
    command.add_option("--time", time, "--slurm: time limit of a run, as sbatch takes it")->type_name("TIME");
    command
        .add_option("--slurm-option", slurmOptions,
                    "--slurm: a further option of sbatch, such as --slurm-option=--mem=4G (repeatable)")
        ->type_name("OPTION")
        ->allow_extra_args(false);
    command.add_flag("--dry-run", dryRun, "--slurm: write the job's script, and submit nothing");
    command.add_flag("--worker", worker, "Do what is left in this process, beside others who do the same");
    command.add_option("--task", task, "Do run N of the sweep in this process")->type_name("N");
}

void Options::addExportTo(CLI::App& command) {
    command.add_option("run", runFolders, "Run folders; of a student also its .safetensors")->required();
    command
        .add_option("--format", format,
                    "tensorboard (runs), bundle (one run as a .zip), or of one student torchscript, onnx, "
                    "huggingface or safetensors")
        ->type_name("FORMAT")
        ->required();
    command
        .add_option("--out", out,
                    "tensorboard: folder in which one for each run is made; bundle: the .zip; a student: its "
                    "folder, which takes the place of an earlier export")
        ->type_name("DIR")
        ->required();
    command.add_option("--weights", weights, "Of a student: full (float32), half (float16) or int8")
        ->type_name("full|half|int8")
        ->capture_default_str();
    command.add_option("--licence", licence, "Of a student: what its card says of its licence")
        ->type_name("TEXT");
    command
        .add_option("--data", data,
                    "Of a student: folder of the run's data (else where they lay); they are what it is "
                    "compared and measured on")
        ->type_name("DIR");
    addOutputTo(command);
}

void Options::addReportTo(CLI::App& command) {
    command.add_option("run", runFolders, "Run folders; several are compared")->required();
    command
        .add_option("--out", out,
                    "Folder for report.html and report.pdf (else the first run's output/report)")
        ->type_name("DIR");
    command.add_option("--data", data, "Folder of the data (else where they were when the run was made)")
        ->type_name("DIR");
    command.add_flag("--no-texts", noTexts, "No text of a sample: for licences and privacy");
    addOutputTo(command);
}

Result<std::vector<std::pair<std::string, std::string>>> settingChanges(const Options& options) {
    std::vector<std::pair<std::string, std::string>> changes;
    for (const auto& setting : options.settings) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos)
            return fail(fmt::format("--set {} has no '='; write --set key=value", setting), ErrorKind::Usage);
        changes.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    }
    if (options.seed)
        changes.emplace_back("training.seed", std::to_string(*options.seed));
    if (options.device)
        changes.emplace_back("training.device", *options.device);
    if (options.threads)
        changes.emplace_back("training.threads", std::to_string(*options.threads));
    return changes;
}

Result<void> applyOptions(Experiment& experiment, const Options& options) {
    const auto changes = settingChanges(options);
    if (!changes)
        return fail(changes.error());
    for (std::size_t i = 0; i < changes->size(); ++i) {
        const auto& [key, value] = (*changes)[i];
        auto done = setSetting(experiment, key, value);
        if (done)
            continue;
        if (i >= options.settings.size()) // of an option of its own, which the sentence names
            return fail(Error{done.error().message, ErrorKind::Usage, {}});
        const bool secret = isSecretName(key.substr(key.rfind('.') + 1)); // not to be shown
        return fail(fmt::format("--set {}: {}", secret ? key : options.settings[i], done.error().message),
                    ErrorKind::Usage);
    }
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
