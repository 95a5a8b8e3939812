#include "app/cli/commands.h"
#include "app/cli/json_output.h"
#include "app/cli/loading.h"
#include "core/engine/engine.h"
#include "core/experiment/run_folder.h"

#include <fmt/format.h>

namespace stillroom::cli {

int evaluateCommand(const Options& options) {
    auto stored = StoredRun::open(options.target);
    if (!stored)
        return report(stored.error());
    if (stored->bestStudent.empty())
        return report(
            Error{fmt::format("{} holds no student: it was cut off before one was written", options.target),
                  ErrorKind::BadInput,
                  {}});
    Experiment experiment = stored->experiment;
    if (auto applied = applyOptions(experiment, options); !applied)
        return report(applied.error());
    const std::string root = options.data.value_or(stored->origin.dataRoot);
    auto prepared = loadWithProgress(experiment, root, options);
    if (!prepared)
        return report(prepared.error());
    auto engine = loadEngine();
    if (!engine)
        return report(engine.error());
    auto student = (*engine)->openStudent(stored->bestStudent);
    if (!student)
        return report(student.error());

    QJsonObject json{{QStringLiteral("run"), QString::fromStdString(options.target)},
                     {QStringLiteral("student"), QString::fromStdString(stored->bestStudent)}};
    if (!options.json)
        fmt::print("{}\n", (*student)->describe());
    for (const auto split : {Split::Validation, Split::Test}) {
        const QString name = QString::fromUtf8(splitName(split).data());
        if (!prepared->set.data->hasGold(split)) {
            json.insert(name, QJsonValue::Null);
            continue;
        }
        auto metrics = evaluateStudent(**student, *prepared->set.data, split);
        if (!metrics)
            return report(metrics.error());
        json.insert(name, metricsJson(*metrics));
        if (!options.json)
            fmt::print("{:<12} accuracy {:.4f}   macro-F1 {:.4f}   ({} texts)\n", splitName(split),
                       metrics->accuracy, metrics->macroF1, metrics->rows);
    }
    if (options.json)
        printJson(json);
    return Done;
}

} // namespace stillroom::cli
