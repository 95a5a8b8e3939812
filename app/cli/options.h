// What every command of stillroom-cli understands.
#pragma once

#include "core/base/result.h"
#include "core/data/loader.h"
#include "core/experiment/experiment.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace stillroom::cli {

/// Exit codes, as interfaces fix them.
enum ExitCode { Done = 0, UsageError = 2, BadInput = 3, TrainingFailed = 4, Interrupted = 130 };

struct Options {
    std::string target; ///< experiment, run or student
    std::optional<std::string> data;
    std::string runs = "runs";
    std::vector<std::string> settings; ///< key=value
    std::optional<long long> seed;
    std::optional<std::string> device;
    std::optional<long long> threads;
    BadRowPolicy badRows = BadRowPolicy::Stop;
    bool quiet = false;
    bool json = false;
    std::optional<std::string> run; ///< select: the run to look at
    std::optional<long long> epoch; ///< select: of it

    std::optional<std::string> baseUrl, model; ///< label: the server's address, the model
    std::optional<long long> limit;            ///< label: texts at most
    bool dryRun = false, again = false;        ///< label
    std::optional<std::string> out;            ///< label: the file for the answers; export: the folder

    std::vector<std::string> runFolders; ///< export (a student's file may be among them), report
    std::string format;                  ///< export

    bool noTexts = false; ///< report

    std::optional<long long> epochs;       ///< resume: so many in all
    bool branch = false;                   ///< resume
    std::optional<long long> at;           ///< resume: the checkpoint after this step
    std::optional<long long> workers;      ///< sweep: runs at once
    std::optional<long long> task, cancel; ///< sweep: the number of one of its runs
    bool worker = false, status = false, collect = false, slurm = false; ///< sweep
    std::optional<std::string> partition, time;                          ///< sweep --slurm
    std::vector<std::string> slurmOptions;                               ///< sweep --slurm: of sbatch

    std::string weights = "full"; ///< export: of a student
    std::string licence;          ///< export: of a student, for its card

    void addTo(CLI::App& command, const std::string& targetName, const std::string& targetHelp);
    /// --run and --epoch; with the first of them the target may be left out.
    void addRunTo(CLI::App& command);
    /// What `label` has of its own.
    void addLabelTo(CLI::App& command);
    /// What `resume` has of its own.
    void addResumeTo(CLI::App& command);
    /// What `sweep` has of its own.
    void addSweepTo(CLI::App& command);
    /// All that `export` has: RUN..., --format, --out, and of a student --weights, --licence, --data.
    void addExportTo(CLI::App& command);
    /// All that `report` has.
    void addReportTo(CLI::App& command);
    /// Only --json and --quiet, for commands that read no data.
    void addOutputTo(CLI::App& command);
};

/// The experiment named by the options with --set, --seed, --device and --threads applied, checked.
struct ChosenExperiment {
    Experiment experiment;
    std::string path;
    std::string dataRoot;
};
Result<ChosenExperiment> chooseExperiment(const Options& options);

/// --set, --seed, --device and --threads in this order, as for setSetting. Errors: a --set without '='.
Result<std::vector<std::pair<std::string, std::string>>> settingChanges(const Options& options);

/// Applies them.
Result<void> applyOptions(Experiment& experiment, const Options& options);

/// Prints the sentence and its details to stderr and returns the exit code for its kind.
int report(const Error& error);

} // namespace stillroom::cli
