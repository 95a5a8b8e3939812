#include "app/cli/sweep_report.h"

#include "app/cli/compare_output.h"
#include "app/cli/json_output.h"
#include "app/cli/options.h"
#include "core/experiment/comparison.h"

#include <QJsonArray>
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <optional>

namespace stillroom::cli {

namespace {

using State = SweepStatus::State;

QString text(const std::string& utf8) {
    return QString::fromStdString(utf8);
}

QJsonValue textOrNull(const std::string& utf8) {
    return utf8.empty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text(utf8));
}

QJsonValue scoreJson(const std::optional<Score>& score) {
    if (!score)
        return QJsonValue::Null;
    return QJsonObject{{QStringLiteral("accuracy"), score->accuracy},
                       {QStringLiteral("macro_f1"), score->macroF1},
                       {QStringLiteral("loss"), score->loss},
                       {QStringLiteral("rows"), static_cast<double>(score->rows)}};
}

QJsonObject rowJson(const SweepFolder& folder, const SweepRow& row) {
    QJsonObject settings;
    for (const auto& setting : row.task.settings)
        settings.insert(text(setting.key), text(setting.value));
    QJsonObject object{{QStringLiteral("task"), row.task.number},
                       {QStringLiteral("label"), text(row.task.label)},
                       {QStringLiteral("settings"), settings},
                       {QStringLiteral("state"), QLatin1String(stateName(row.status.state))},
                       {QStringLiteral("error"), textOrNull(row.status.error)},
                       {QStringLiteral("run"), textOrNull(folder.runFolder(row.status))}};
    if (const auto& summary = row.summary) {
        object.insert(QStringLiteral("name"), text(summary->name));
        object.insert(QStringLiteral("rule"), text(summary->rule));
        object.insert(QStringLiteral("seed"), static_cast<double>(summary->seed));
        object.insert(QStringLiteral("validation"), scoreJson(summary->validation));
        object.insert(QStringLiteral("test"), scoreJson(summary->test));
        object.insert(QStringLiteral("samples"), samplesJson(summary->counts, summary->epochs));
        object.insert(QStringLiteral("kept_precision"), summary->keptPrecision
                                                            ? QJsonValue(*summary->keptPrecision)
                                                            : QJsonValue(QJsonValue::Null));
        object.insert(QStringLiteral("seconds"),
                      QJsonObject{{QStringLiteral("train"), summary->trainSeconds},
                                  {QStringLiteral("evaluate"), summary->evaluateSeconds}});
    }
    return object;
}

/// Of what is completed; nothing before anything is.
std::optional<Comparison> compared(const std::vector<RunSummary>& runs) {
    auto comparison = compareRuns(runs, {}, readTestPredictions);
    return comparison ? std::optional(*std::move(comparison)) : std::nullopt;
}

std::vector<RunSummary> completedOf(const std::vector<SweepRow>& rows) {
    std::vector<RunSummary> runs;
    for (const auto& row : rows)
        if (row.status.state == State::Completed && row.summary)
            runs.push_back(*row.summary);
    return runs;
}

} // namespace

void printStates(const std::vector<SweepRow>& rows, const std::map<int, std::string>& words) {
    for (const auto& row : rows) {
        std::string more = row.status.error;
        if (const auto word = words.find(row.task.number); word != words.end() && !row.status.over())
            more = word->second;
        else if (const auto& summary = row.summary;
                 summary && row.status.state != State::Failed && summary->stepsPerEpoch > 0) {
            more = fmt::format("step {} of {}", summary->steps, summary->stepsPerEpoch * summary->epochs);
            if (const auto& score = summary->test ? summary->test : summary->validation)
                more += fmt::format(", {} accuracy {:.4f}, macro-F1 {:.4f}",
                                    summary->test ? "test" : "validation", score->accuracy, score->macroF1);
        }
        fmt::print("{:>5}  {:<10} {}{}{}\n", row.task.number, stateName(row.status.state), row.task.label,
                   more.empty() ? "" : ": ", more);
    }
}

void printResults(const SweepFolder& folder, const std::vector<SweepRow>& rows) {
    const auto runs = completedOf(rows);
    if (const auto comparison = compared(runs)) {
        const std::string text = comparisonText(*comparison);
        std::fwrite(text.data(), 1, text.size(), stdout);
    }
    for (const auto& row : rows)
        if (row.status.state != State::Completed)
            fmt::print("{}: {}{}{}\n", row.task.label, stateName(row.status.state),
                       row.status.error.empty() ? "" : ": ", row.status.error);
    fmt::print("sweep folder {}\n", folder.path());
}

QJsonObject sweepJson(const SweepFolder& folder, const std::vector<SweepRow>& rows) {
    QJsonArray tasks;
    for (const auto& row : rows)
        tasks.append(rowJson(folder, row));
    const auto runs = completedOf(rows);
    const auto comparison = compared(runs);
    const SweepCounts counts = countStates(rows);
    const QJsonObject states{
        {QStringLiteral("waiting"), counts.waiting}, {QStringLiteral("running"), counts.running},
        {QStringLiteral("cut_off"), counts.cutOff},  {QStringLiteral("completed"), counts.completed},
        {QStringLiteral("failed"), counts.failed},   {QStringLiteral("cancelled"), counts.cancelled}};
    return {{QStringLiteral("sweep"), text(folder.path())},
            {QStringLiteral("name"), text(folder.sweep().base.name)},
            {QStringLiteral("states"), states},
            {QStringLiteral("tasks"), tasks},
            {QStringLiteral("comparison"),
             comparison ? QJsonValue(comparisonJson(*comparison)) : QJsonValue(QJsonValue::Null)}};
}

int exitCodeOf(const std::vector<SweepRow>& rows) {
    const SweepCounts counts = countStates(rows);
    if (counts.completed + counts.cancelled == counts.all())
        return Done;
    const bool onlyInput = std::all_of(rows.begin(), rows.end(), [](const SweepRow& row) {
        return row.status.state == State::Completed || row.status.state == State::Cancelled ||
               (row.status.state == State::Failed && row.status.kind != ErrorKind::Training);
    });
    return onlyInput ? BadInput : TrainingFailed;
}

} // namespace stillroom::cli
