// A comparison of runs for people, for spreadsheets and for programs.
#pragma once

#include "core/experiment/comparison.h"

#include <QJsonObject>
#include <string>

namespace stillroom::cli {

/// A table of the configurations, one of the differences, and a sentence for each; lines end with '\n'.
[[nodiscard]] std::string comparisonText(const Comparison& comparison);

/// A line a configuration (RFC 4180), shares as they are, in [0, 1]; what does not exist is empty.
[[nodiscard]] std::string comparisonCsv(const Comparison& comparison);

/// Everything; what does not exist is null.
[[nodiscard]] QJsonObject comparisonJson(const Comparison& comparison);

/// "higher", "lower", "same", "not shown", "not shown after correction", "too few runs", "no pairs".
[[nodiscard]] const char* findingName(Finding finding);

} // namespace stillroom::cli
