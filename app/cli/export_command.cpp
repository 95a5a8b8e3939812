// Runs for other programs.
#include "app/cli/commands.h"
#include "app/cli/interrupt.h"
#include "app/cli/json_output.h"
#include "app/cli/progress_line.h"
#include "core/base/number.h"
#include "core/output/output_folder.h"
#include "core/output/tensorboard.h"

#include <QJsonArray>
#include <fmt/format.h>
#include <future>
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

Result<TensorboardExport> exportOne(const std::string& run, const Options& options, ProgressLine& line) {
    Progress progress;
    auto writing =
        std::async(std::launch::async, [&] { return exportTensorboard(run, *options.out, progress); });
    while (writing.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
        if (interrupted())
            progress.cancel();
        line.show(progress.total() > 0
                      ? static_cast<double>(progress.done()) / static_cast<double>(progress.total())
                      : 0,
                  "exporting " + folderName(run));
    }
    line.clear();
    return writing.get();
}

} // namespace

int exportCommand(const Options& options) {
    if (options.format != "tensorboard")
        return report({fmt::format("--format {}: there is no such format; the formats are: tensorboard",
                                   options.format),
                       ErrorKind::Usage,
                       {}});
    if (auto checked = checkNames(options.runFolders); !checked)
        return report(checked.error());
    catchInterrupts();
    ProgressLine line(options.quiet);
    QJsonArray exports;
    for (const auto& run : options.runFolders) {
        const auto exported = exportOne(run, options, line);
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
