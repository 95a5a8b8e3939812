// The JSON objects of the commands: names as interfaces fix them.
#pragma once

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

/// One object, one line, to stdout.
void printJson(const QJsonObject& object);

} // namespace stillroom::cli
