// Runs and students for other programs.
#include "app/cli/commands.h"
#include "app/cli/export_student.h"
#include "app/cli/json_output.h"
#include "app/cli/shown_work.h"
#include "core/base/number.h"
#include "core/output/output_folder.h"
#include "core/output/tensorboard.h"

#include <QJsonArray>
#include <fmt/format.h>
#include <set>

namespace stillroom::cli {

namespace {

QString text(const std::string& bytes) {
    return QString::fromStdString(bytes);
}

/// Each becomes a folder of its own name.
Result<void> checkNames(const std::vector<std::string>& runFolders) {
    std::set<std::string> names;
    for (const auto& folder : runFolders)
        if (!names.insert(folderName(folder)).second)
            return fail(
                fmt::format("two of the runs are called {}: export them one by one, each with another --out",
                            folderName(folder)),
                ErrorKind::Usage);
    return {};
}

} // namespace

int exportCommand(const Options& options) {
    if (const auto format = formatNamed(options.format))
        return exportStudentCommand(options, *format);
    if (options.format != "tensorboard")
        return report(
            {fmt::format("--format {}: there is no such format; the formats are: tensorboard, bundle, "
                         "torchscript, onnx, huggingface, safetensors",
                         options.format),
             ErrorKind::Usage,
             {}});
    if (options.weights != "full" || !options.licence.empty() || options.data)
        return report({"--weights, --licence and --data are of a student; tensorboard has none of them",
                       ErrorKind::Usage,
                       {}});
    if (auto checked = checkNames(options.runFolders); !checked)
        return report(checked.error());
    QJsonArray exports;
    for (const auto& run : options.runFolders) {
        const auto exported = shownWork(options, "exporting " + folderName(run), [&](Progress& progress) {
            return exportTensorboard(run, *options.out, progress);
        });
        if (!exported)
            return report(exported.error());
        if (options.json)
            exports.append(QJsonObject{{QStringLiteral("run"), text(run)},
                                       {QStringLiteral("folder"), text(exported->folder)},
                                       {QStringLiteral("steps"), static_cast<double>(exported->steps)},
                                       {QStringLiteral("scalars"), static_cast<double>(exported->scalars)}});
        else
            fmt::print("{}  {} numbers of {} steps\n", exported->folder, groupThousands(exported->scalars),
                       groupThousands(exported->steps));
    }
    if (options.json)
        printJson({{QStringLiteral("format"), text(options.format)}, {QStringLiteral("exports"), exports}});
    else if (!options.quiet)
        fmt::print(stderr, "look at it: tensorboard --logdir {}\n", *options.out);
    return Done;
}

} // namespace stillroom::cli
