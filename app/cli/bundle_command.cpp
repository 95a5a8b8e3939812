// Runs as one file: `export --format bundle`, and `unpack` on the other side.
#include "app/cli/bundle_command.h"

#include "app/cli/json_output.h"
#include "app/cli/shown_work.h"
#include "core/base/number.h"
#include "core/output/bundle.h"
#include "core/output/output_folder.h"

#include <fmt/format.h>

namespace stillroom::cli {

namespace {

QString text(const std::string& bytes) {
    return QString::fromStdString(bytes);
}

} // namespace

void BundleOptions::addExportTo(CLI::App& command) {
    command.add_flag("--checkpoint", checkpoint,
                     "Into a bundle: the newest checkpoint too, so that the run can go on elsewhere");
}

void BundleOptions::addUnpackTo(CLI::App& command, Options& options) {
    command.add_option("bundle", options.target, "A .zip that `export --format bundle` wrote")->required();
    command.add_option("--runs", options.runs, "Folder for run folders")
        ->type_name("DIR")
        ->capture_default_str();
    options.addOutputTo(command);
}

int bundleCommand(const Options& options, const BundleOptions& bundle) {
    if (options.weights != "full" || !options.licence.empty() || options.data)
        return report({"--weights, --licence and --data are of a student; a bundle holds the run as it is",
                       ErrorKind::Usage,
                       {}});
    if (options.runFolders.size() != 1)
        return report({"a bundle holds one run: export them one by one, each with another --out",
                       ErrorKind::Usage,
                       {}});
    const std::string& run = options.runFolders.front();
    const BundleSettings settings{bundle.checkpoint};
    const auto done = shownWork(options, "packing " + folderName(run), [&](Progress& progress) {
        return exportBundle(run, *options.out, settings, progress);
    });
    if (!done)
        return report(done.error());
    if (options.json)
        printJson({{QStringLiteral("format"), QStringLiteral("bundle")},
                   {QStringLiteral("run"), text(run)},
                   {QStringLiteral("file"), text(done->file)},
                   {QStringLiteral("files"), static_cast<double>(done->files)},
                   {QStringLiteral("left_out"), static_cast<double>(done->leftOut)},
                   {QStringLiteral("bytes"), static_cast<double>(done->bytes)},
                   {QStringLiteral("unpacked"), static_cast<double>(done->unpacked)}});
    else
        fmt::print("{}  {} files, {} bytes of {}\n", done->file, done->files, groupThousands(done->bytes),
                   groupThousands(done->unpacked));
    if (done->leftOut > 0 && !options.quiet)
        fmt::print(stderr, "{} left out: not every system could unpack what is called so\n", done->leftOut);
    return Done;
}

int unpackCommand(const Options& options) {
    const auto run = shownWork(options, "unpacking " + options.target, [&](Progress& progress) {
        return openBundle(options.target, options.runs, progress);
    });
    if (!run)
        return report(run.error());
    if (options.json)
        printJson({{QStringLiteral("bundle"), text(options.target)}, {QStringLiteral("run"), text(*run)}});
    else
        fmt::print("{}\n", *run);
    return Done;
}

} // namespace stillroom::cli
