// A student's labels for a file of texts.
#include "app/cli/predict_command.h"

#include "app/cli/json_output.h"
#include "app/cli/shown_work.h"
#include "core/base/number.h"
#include "core/engine/opened_student.h"
#include "core/files/atomic_file.h"
#include "core/output/prediction_place.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fmt/format.h>

namespace stillroom::cli {

namespace {

QString text(const std::string& bytes) {
    return QString::fromStdString(bytes);
}

Result<void> toStandardOutput(std::string_view bytes) {
    // At once: who reads it need not wait for a full buffer.
    if (bytes.empty() ||
        (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() && std::fflush(stdout) == 0))
        return {};
    return fail(fmt::format("the standard output cannot be written: {}", describeErrno(errno)));
}

/// --out - and what systems call it; a file of ours could not take its place.
bool isStandardOutput(const std::optional<std::string>& out) {
    return out == "-" || out == "/dev/stdout" || out == "/dev/fd/1" || out == "/proc/self/fd/1";
}

void tellBadRows(const PredictionReport& report) {
    if (report.badRows.count == 0)
        return;
    fmt::print(stderr, "{} bad rows left out, the first of them:\n", groupThousands(report.badRows.count));
    for (std::size_t i = 0; i < std::min<std::size_t>(5, report.badRows.first.size()); ++i)
        fmt::print(stderr, "  {}\n", report.badRows.first[i].sentence());
}

QJsonObject summary(const PredictOptions& options, const ChosenStudent& chosen,
                    const std::vector<std::string>& classes, const PredictionReport& report) {
    QJsonObject labels;
    for (std::size_t k = 0; k < classes.size(); ++k)
        labels.insert(text(classes[k]), static_cast<double>(report.byClass[k]));
    return {{QStringLiteral("student"), text(chosen.path)},
            {QStringLiteral("file"), text(options.source.path)},
            {QStringLiteral("out"), text(*options.out)},
            {QStringLiteral("texts"), static_cast<double>(report.texts)},
            {QStringLiteral("bad_rows"), static_cast<double>(report.badRows.count)},
            {QStringLiteral("labels"), labels},
            {QStringLiteral("threads"), report.threads},
            {QStringLiteral("seconds"), report.seconds}};
}

} // namespace

int predictCommand(const Options& options, const PredictOptions& predict) {
    if (predict.out && predict.out->empty())
        return report({"--out names no file; name one, or - for the standard output", ErrorKind::Usage, {}});
    const auto out = isStandardOutput(predict.out) ? std::nullopt : predict.out;
    if (options.json && !out)
        return report({"--json says on the standard output what was done, where the labels would go; give "
                       "them a file with --out",
                       ErrorKind::Usage,
                       {}});
    PredictionSettings settings = predict.settings;
    settings.format = predictionFormatOf(out.value_or(""));
    if (predict.outFormat)
        settings.format = *predict.outFormat == "jsonl" ? PredictionFormat::Jsonl : PredictionFormat::Csv;
    const auto chosen = chooseStudent(predict.student);
    if (!chosen)
        return report(chosen.error());
    if (out)
        for (const auto& from : {predict.student, chosen->path})
            if (auto outside = outsideRun(*out, from); !outside)
                return report(outside.error());
    PredictionSource source = predict.source;
    source.usualText = chosen->textColumns;
    source.unescapeHtml = source.unescapeHtml || chosen->unescapeHtml;

    auto engine = loadEngine();
    if (!engine)
        return report(engine.error());
    auto student = (*engine)->openStudent(chosen->path);
    if (!student)
        return report(student.error());
    if (auto* opened = openedStudent(**student); opened != nullptr && settings.threads > 0)
        opened->useThreads(settings.threads);
    Options shown = options;
    shown.quiet = options.quiet || !out; // else the bar would stand among the lines
    const auto done = shownWork(shown, "labelling " + source.path, [&](Progress& progress) {
        return out ? predictToFile(**student, source, settings, *out, progress)
                   : predictRecords(**student, source, settings, toStandardOutput, progress);
    });
    if (!done)
        return report(done.error());
    if (options.json)
        printJson(summary(predict, *chosen, (*student)->classes(), *done));
    if (options.quiet)
        return Done;
    tellBadRows(*done);
    if (done->invalidUtf8 > 0)
        fmt::print(stderr, "{}: {} ill-formed UTF-8 sequences replaced by U+FFFD\n",
                   source.path == "-" ? "the standard input" : source.path,
                   groupThousands(done->invalidUtf8));
    if (!options.json && out)
        fmt::print(stderr, "{}: {} texts in {:.1f} s\n", *out, groupThousands(done->texts), done->seconds);
    return Done;
}

} // namespace stillroom::cli
