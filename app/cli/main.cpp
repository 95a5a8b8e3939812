// stillroom-cli: the workbench without a display.
#include "app/cli/bundle_command.h"
#include "app/cli/commands.h"
#include "app/cli/predict_command.h"
#include "core/base/number.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <malloc.h>
#include <unistd.h>

using namespace stillroom::cli;
using stillroom::Error;
using stillroom::ErrorKind;

namespace {

/// CLI11 itself would say only that a command is required.
Error noCommand(const CLI::App& app) {
    std::vector<std::string_view> names;
    for (const auto* command : app.get_subcommands({}))
        names.emplace_back(command->get_name());
    const auto words = app.remaining();
    if (words.empty())
        return {fmt::format("name a command: {}", fmt::join(names, ", ")), ErrorKind::Usage, {}};
    const std::string nearest = stillroom::nearestWord(words.front(), names);
    if (words.front().starts_with('-'))
        return {
            fmt::format("there is no option '{}' before a command; --help says what there is", words.front()),
            ErrorKind::Usage,
            {}};
    return {fmt::format("there is no command '{}'; {}", words.front(),
                        nearest.empty() ? fmt::format("the commands are {}", fmt::join(names, ", "))
                                        : fmt::format("did you mean '{}'?", nearest)),
            ErrorKind::Usage,
            {}};
}

/// Where one of them is closed the next file that is opened, Qt's or ours, would take its place: a command
/// would read and write what is none of its business. Nothing comes from such an input; writing to such an
/// output is an error, as it was.
void openStandardStreams() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF &&
            ::open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY) < 0)
            std::_Exit(TrainingFailed); // there is nobody to tell
}

/// What was printed may still be on its way, and the disk behind stdout full. After a command that failed its
/// own sentence is enough.
int afterOutput(int exitCode) {
    const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
    if (written || exitCode != Done)
        return exitCode;
    return report({"the result could not be written to the standard output; see whether its disk is full",
                   ErrorKind::Training,
                   {}});
}

} // namespace

int main(int argc, char** argv) {
    const auto start = std::chrono::steady_clock::now();
    openStandardStreams();
    // glibc gives large blocks back to the system and takes them again at every step: up to three times
    // slower.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 2'000'000'000);
    const auto application = makeApplication(argc, argv); // Qt's plugins (SQLite) are found through it

    CLI::App app{
        "Distil an LLM classifier into a small student: train only where the teacher is confident and the "
        "student uncertain."};
    app.set_version_flag("--version", "stillroom-cli " STILLROOM_VERSION);
    app.require_subcommand(0, 1);
    app.failure_message([](const CLI::App*, const CLI::Error& error) {
        std::string what = error.what();
        if (!what.empty())
            what[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(what[0])));
        return fmt::format("stillroom-cli: {}; --help says what there is\n", what);
    });
    Options options;
    int exitCode = Done;

    auto* run = app.add_subcommand("run", "Train a student");
    options.addTo(*run, "experiment", "An experiment's YAML, or the name of one that comes with Stillroom");
    run->callback([&] { exitCode = runCommand(options, start); });

    auto* label = app.add_subcommand(
        "label", "Ask an LLM for the teacher's answers; what was answered before is not asked again");
    options.addTo(*label, "experiment", "An experiment's YAML, or the name of one that comes with Stillroom");
    options.addLabelTo(*label);
    label->callback([&] { exitCode = labelCommand(options); });

    auto* check =
        app.add_subcommand("check", "Read everything, report sizes, classes and the teacher; train nothing");
    options.addTo(*check, "experiment", "An experiment's YAML, or the name of one that comes with Stillroom");
    check->callback([&] { exitCode = checkCommand(options); });

    auto* select = app.add_subcommand(
        "select",
        "What a rule would keep right now, per class; of a run also what --set selection.… would change");
    options.addTo(
        *select, "experiment",
        "An experiment's YAML, or the name of one that comes with Stillroom; not needed with --run");
    options.addRunTo(*select);
    select->callback([&] { exitCode = selectCommand(options); });

    auto* replay =
        app.add_subcommand("replay", "Do a run again: its YAML and the edits made while it trained");
    options.addTo(*replay, "run", "A run folder");
    replay->callback([&] { exitCode = replayCommand(options, start); });

    auto* resume = app.add_subcommand(
        "resume", "Go on with a run that was cut off or stopped, train on beyond its end, or branch from it");
    options.addTo(*resume, "run", "A run folder");
    options.addResumeTo(*resume);
    resume->callback([&] { exitCode = resumeCommand(options, start); });
    auto* sweep =
        app.add_subcommand("sweep", "Train over several settings and seeds: what `sweep:` in a YAML "
                                    "says, here or on a cluster; go on with one that was begun");
    options.addTo(*sweep, "sweep",
                  "A YAML with `sweep:`, the name of one that comes with Stillroom, or a sweep's folder");
    options.addSweepTo(*sweep);
    sweep->callback([&] { exitCode = sweepCommand(options); });

    auto* evaluate = app.add_subcommand("evaluate", "Measure a run's best student again");
    options.addTo(*evaluate, "run", "A run folder");
    evaluate->callback([&] { exitCode = evaluateCommand(options); });

    CompareOptions compareOptions;
    auto* compare = app.add_subcommand(
        "compare", "Runs beside each other: means, intervals and differences, paired by seed");
    compareOptions.addTo(*compare);
    options.addOutputTo(*compare);
    compare->callback([&] { exitCode = compareCommand(options, compareOptions); });
    auto* exporting = app.add_subcommand("export", "Write for others: a student (TorchScript, ONNX, Hugging "
                                                   "Face), TensorBoard's event files, or a bundle of a run");
    options.addExportTo(*exporting);
    BundleOptions bundleOptions;
    bundleOptions.addExportTo(*exporting);
    exporting->callback([&] {
        if (options.format == "bundle")
            exitCode = bundleCommand(options, bundleOptions);
        else if (bundleOptions.checkpoint)
            exitCode = report({"--checkpoint is of --format bundle", ErrorKind::Usage, {}});
        else
            exitCode = exportCommand(options);
    });

    auto* unpack = app.add_subcommand("unpack", "A bundle that somebody sent becomes a run again");
    BundleOptions::addUnpackTo(*unpack, options);
    unpack->callback([&] { exitCode = unpackCommand(options); });
    PredictOptions predictOptions;
    auto* predict = app.add_subcommand("predict", "A student's labels for a file of texts, of any size");
    predictOptions.addTo(*predict);
    options.addOutputTo(*predict);
    predict->callback([&] { exitCode = predictCommand(options, predictOptions); });

    auto* reporting = app.add_subcommand(
        "report", "A report of a run, or of several compared: one HTML file and a PDF, to be handed on");
    options.addReportTo(*reporting);
    reporting->callback([&] { exitCode = reportCommand(options); });

    auto* devices = app.add_subcommand("devices", "Devices, threads, BLAS, LibTorch version");
    options.addOutputTo(*devices);
    devices->callback([&] { exitCode = devicesCommand(options); });

    app.allow_extras(); // after the commands, which would inherit it
    try {
        app.parse(argc, argv);
        if (app.get_subcommands().empty())
            return report(noCommand(app));
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? Done : UsageError;
    } catch (const std::exception& error) {
        return report({std::string("unexpected: ") + error.what(), ErrorKind::Training, {}});
    }
    return afterOutput(exitCode);
}
