// A report of runs: HTML and PDF.
#include "app/cli/commands.h"
#include "app/cli/json_output.h"
#include "app/cli/shown_work.h"
#include "core/output/report.h"
#include "core/output/report_drawer.h"

#include <QCoreApplication>
#include <cstring>
#include <fmt/format.h>

namespace stillroom::cli {

namespace {

QString text(const std::string& bytes) {
    return QString::fromStdString(bytes);
}

} // namespace

std::unique_ptr<QCoreApplication> makeApplication(int& argc, char** argv) {
    // Qt knows options of its own, and must not take ours for them.
    static int count = 1;
    static char* name[] = {argv[0], nullptr};
    if (argc > 1 && std::strcmp(argv[1], "report") == 0)
        if (const auto drawer = loadReportDrawer())
            return std::unique_ptr<QCoreApplication>((*drawer)->makeApplication(count, name));
    return std::make_unique<QCoreApplication>(argc, argv);
}

int reportCommand(const Options& options) {
    ReportRequest request;
    request.runs = options.runFolders;
    request.out = options.out.value_or("");
    request.dataRoot = options.data.value_or("");
    request.dataNeeded = options.data.has_value();
    request.texts = !options.noTexts;
    const auto written = shownWork(options, "writing the report",
                                   [&](Progress& progress) { return writeReport(request, progress); });
    if (!written)
        return report(written.error());
    if (options.json)
        printJson({{QStringLiteral("folder"), text(written->folder)},
                   {QStringLiteral("html"), text(written->html)},
                   {QStringLiteral("pdf"), text(written->pdf)},
                   {QStringLiteral("figures"), static_cast<double>(written->figures)},
                   {QStringLiteral("tables"), static_cast<double>(written->tables)},
                   {QStringLiteral("no_data"),
                    written->noData.empty() ? QJsonValue() : QJsonValue(text(written->noData))}});
    else
        fmt::print("{}\n{}\n", written->html, written->pdf);
    if (!written->noData.empty() && !options.quiet)
        fmt::print(
            stderr,
            "the data could not be read ({}): the report has no plane, no examples and no calibration; name "
            "their folder with --data\n",
            written->noData);
    return Done;
}

} // namespace stillroom::cli
