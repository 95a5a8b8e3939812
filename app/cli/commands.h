// One function a command; each returns the process's exit code.
#pragma once

#include "app/cli/compare_options.h"
#include "app/cli/options.h"

#include <chrono>
#include <memory>

class QCoreApplication;

namespace stillroom::cli {

int runCommand(const Options& options, std::chrono::steady_clock::time_point processStart);
int replayCommand(const Options& options, std::chrono::steady_clock::time_point processStart);
int resumeCommand(const Options& options, std::chrono::steady_clock::time_point processStart);
int checkCommand(const Options& options);
int labelCommand(const Options& options);
int selectCommand(const Options& options);
int sweepCommand(const Options& options);
int evaluateCommand(const Options& options);
int compareCommand(const Options& options, const CompareOptions& compare);
int exportCommand(const Options& options);
int reportCommand(const Options& options);
int devicesCommand(const Options& options);

/// The process's only one, before anything else: for `report` one that draws, without a display.
std::unique_ptr<QCoreApplication> makeApplication(int& argc, char** argv);

} // namespace stillroom::cli
