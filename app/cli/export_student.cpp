#include "app/cli/export_student.h"

#include "app/cli/json_output.h"
#include "app/cli/shown_work.h"
#include "core/base/number.h"
#include "core/output/export_student.h"

#include <QJsonArray>
#include <filesystem>
#include <fmt/format.h>

namespace stillroom::cli {

namespace {

QString text(std::string_view bytes) {
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

std::int64_t bytesOf(const StudentExported& exported) {
    std::int64_t bytes = 0;
    for (const auto& file : exported.files)
        bytes += file.bytes;
    return bytes;
}

void printMeasures(const StudentExportReport& done) {
    const auto line = [](const char* what, const StudentMeasure& measure) {
        fmt::print("{:<12} accuracy {:.4f}   macro-F1 {:.4f}   calibration error {:.4f}   ({} {} texts)\n",
                   what, measure.accuracy, measure.macroF1, measure.calibrationError,
                   groupThousands(measure.rows), splitName(measure.split));
    };
    if (done.before)
        line("student", *done.before);
    if (done.after)
        line("export", *done.after);
}

QJsonValue measureJson(const std::optional<StudentMeasure>& measure) {
    if (!measure)
        return QJsonValue::Null;
    return QJsonObject{{QStringLiteral("split"), text(splitName(measure->split))},
                       {QStringLiteral("texts"), static_cast<double>(measure->rows)},
                       {QStringLiteral("accuracy"), measure->accuracy},
                       {QStringLiteral("macro_f1"), measure->macroF1},
                       {QStringLiteral("calibration_error"), measure->calibrationError}};
}

QJsonObject reportJson(const StudentExportReport& done, const Options& options) {
    QJsonArray files;
    for (const auto& file : done.exported.files)
        files.append(QJsonObject{{QStringLiteral("name"), text(file.name)},
                                 {QStringLiteral("bytes"), static_cast<double>(file.bytes)}});
    return {{QStringLiteral("format"), text(options.format)},
            {QStringLiteral("weights"), text(options.weights)},
            {QStringLiteral("folder"), text(done.folder)},
            {QStringLiteral("kind"), text(done.exported.kind)},
            {QStringLiteral("files"), files},
            {QStringLiteral("student_bytes"), static_cast<double>(done.exported.studentBytes)},
            {QStringLiteral("unpruned_bytes"),
             done.exported.unprunedBytes > 0 ? QJsonValue(static_cast<double>(done.exported.unprunedBytes))
                                             : QJsonValue()},
            {QStringLiteral("compared"),
             QJsonObject{{QStringLiteral("texts"), static_cast<double>(done.exported.compared)},
                         {QStringLiteral("from"), text(done.textsFrom)},
                         {QStringLiteral("same_labels"), static_cast<double>(done.exported.sameLabels)},
                         {QStringLiteral("largest_difference"), done.exported.largestDifference}}},
            {QStringLiteral("student"), measureJson(done.before)},
            {QStringLiteral("export"), measureJson(done.after)}};
}

} // namespace

int exportStudentCommand(const Options& options, ExportFormat format) {
    if (options.runFolders.size() != 1)
        return report({fmt::format("--format {} exports one student; name one run", options.format),
                       ErrorKind::Usage,
                       {}});
    const auto weights = weightsNamed(options.weights);
    if (!weights)
        return report({fmt::format("--weights must be full, half or int8, not '{}'", options.weights),
                       ErrorKind::Usage,
                       {}});
    if (std::error_code ignored; options.data && !std::filesystem::is_directory(*options.data, ignored))
        return report(
            {fmt::format("--data {}: there is no such folder", *options.data), ErrorKind::Usage, {}});
    StudentExportOrder order{options.runFolders.front(), format, *weights, *options.out};
    order.licence = options.licence;
    order.dataRoot = options.data;
    const auto done = shownWork(options, "exporting the student",
                                [&](Progress& progress) { return exportStudent(order, progress); });
    if (!done)
        return report(done.error());
    if (!done->note.empty() && !options.quiet)
        fmt::print(stderr, "{}\n", done->note);
    if (options.json) {
        printJson(reportJson(*done, options));
        return Done;
    }
    const auto& exported = done->exported;
    fmt::print("{}  {}, {} weights\n", done->folder, options.format, options.weights);
    fmt::print("{:<12} {} bytes, all files {}; the student's own {}{}\n", exported.files.front().name,
               groupThousands(exported.files.front().bytes), groupThousands(bytesOf(exported)),
               groupThousands(exported.studentBytes),
               exported.unprunedBytes > 0 ? fmt::format(", with a vector for every bucket {}",
                                                        groupThousands(exported.unprunedBytes))
                                          : "");
    fmt::print("{:<12} on {} texts ({}): {} the same label, largest difference of a probability {:.2g}\n",
               "compared", exported.compared, done->textsFrom, exported.sameLabels,
               exported.largestDifference);
    printMeasures(*done);
    return Done;
}

} // namespace stillroom::cli
