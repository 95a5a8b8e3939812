// What came of a sweep: a table for people, one object for programs.
#pragma once

#include "core/experiment/sweep_rows.h"

#include <QJsonObject>
#include <map>
#include <string>
#include <vector>

namespace stillroom::cli {

/// Of each task where it stands, and its scores; `words` of a scheduler by task, if there are any.
void printStates(const std::vector<SweepRow>& rows, const std::map<int, std::string>& words);
/// What is completed beside each other, with statistics (core/experiment/comparison.h), and what is not, to
/// stdout.
void printResults(const SweepFolder& folder, const std::vector<SweepRow>& rows);
[[nodiscard]] QJsonObject sweepJson(const SweepFolder& folder, const std::vector<SweepRow>& rows);

/// 0 when all are completed; that of bad input when that is all that went wrong; else that of failed
/// training.
[[nodiscard]] int exitCodeOf(const std::vector<SweepRow>& rows);

} // namespace stillroom::cli
