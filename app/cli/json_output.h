// The JSON objects of the commands: names as interfaces fix them.
#pragma once

#include "app/cli/selection_report.h"
#include "core/data/data_profile.h"
#include "core/data/load_report.h"
#include "core/engine/events.h"
#include "core/teacher/calibration.h"

#include <QJsonObject>

namespace stillroom::cli {

/// null where there was no gold.
[[nodiscard]] QJsonValue metricsJson(const Metrics& metrics);
[[nodiscard]] QJsonObject samplesJson(const SampleCounts& counts, std::int64_t epochs);
[[nodiscard]] QJsonValue teacherJson(const TeacherQuality& quality);
[[nodiscard]] QJsonObject dataJson(const Dataset& data, const LoadReport& report);
/// By the splits that have texts; shared texts by the ids of the first fifty.
[[nodiscard]] QJsonObject profileJson(const Dataset& data, const DataProfile& profile);
/// Of `select`. What was not measured (precision without gold, what enters where nothing was tried,
/// thresholds that there are none of) is null.
[[nodiscard]] QJsonObject selectionJson(const SelectionReport& report);

/// One object, one line, to stdout.
void printJson(const QJsonObject& object);

} // namespace stillroom::cli
