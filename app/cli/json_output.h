// The JSON objects of the commands: names as interfaces fix them.
#pragma once

#include "app/cli/selection_report.h"
#include "core/data/load_report.h"
#include "core/engine/events.h"
#include "core/teacher/calibrate.h"

#include <QJsonObject>
#include <optional>

namespace stillroom::cli {

/// null where there was no gold.
[[nodiscard]] QJsonValue metricsJson(const Metrics& metrics);
[[nodiscard]] QJsonObject samplesJson(const SampleCounts& counts, std::int64_t epochs);
[[nodiscard]] QJsonValue teacherJson(const TeacherQuality& quality);
[[nodiscard]] QJsonValue
calibrationJson(const std::optional<TeacherCalibration>& calibration); ///< null: none
[[nodiscard]] QJsonObject dataJson(const Dataset& data, const LoadReport& report);
/// Of `select`. What was not measured (precision without gold, what enters where nothing was tried,
/// thresholds that there are none of) is null.
[[nodiscard]] QJsonObject selectionJson(const SelectionReport& report);

/// One object, one line, to stdout.
void printJson(const QJsonObject& object);

} // namespace stillroom::cli
