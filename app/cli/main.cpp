// stillroom-cli: the workbench without a display.
#include "app/cli/commands.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <malloc.h>

using namespace stillroom::cli;

int main(int argc, char** argv) {
    const auto start = std::chrono::steady_clock::now();
    // glibc gives large blocks back to the system and takes them again at every step: up to three times
    // slower.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 2'000'000'000);
    const QCoreApplication application(argc, argv); // Qt's plugins (SQLite) are found through it

    CLI::App app{
        "Distil an LLM classifier into a small student: train only where the teacher is confident and the "
        "student uncertain."};
    app.set_version_flag("--version", "stillroom-cli " STILLROOM_VERSION);
    app.require_subcommand(1);
    Options options;
    int exitCode = Done;

    auto* run = app.add_subcommand("run", "Train a student");
    options.addTo(*run, "experiment", "An experiment's YAML, or the name of one that comes with Stillroom");
    run->callback([&] { exitCode = runCommand(options, start); });

    auto* check =
        app.add_subcommand("check", "Read everything, report sizes, classes and the teacher; train nothing");
    options.addTo(*check, "experiment", "An experiment's YAML, or the name of one that comes with Stillroom");
    check->callback([&] { exitCode = checkCommand(options); });

    auto* evaluate = app.add_subcommand("evaluate", "Measure a run's best student again");
    options.addTo(*evaluate, "run", "A run folder");
    evaluate->callback([&] { exitCode = evaluateCommand(options); });

    auto* devices = app.add_subcommand("devices", "Devices, threads, BLAS, LibTorch version");
    options.addOutputTo(*devices);
    devices->callback([&] { exitCode = devicesCommand(options); });

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? Done : UsageError;
    } catch (const std::exception& error) {
        return report(
            stillroom::Error{std::string("unexpected: ") + error.what(), stillroom::ErrorKind::Training, {}});
    }
    return exitCode;
}
