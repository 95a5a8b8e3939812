// Everything about one run that a table of runs shows, read fast: no steps, no windows, no predictions.
#pragma once

#include "core/base/result.h"
#include "core/engine/events.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stillroom {

/// Of a student on one split.
struct Score {
    double accuracy = 0; ///< [0, 1]
    double macroF1 = 0;  ///< [0, 1]
    double loss = 0;     ///< mean cross-entropy against gold, natural log
    std::int64_t rows = 0;
};

/// What a number did over a run's evaluations of the validation split.
struct ScoreCourse {
    double best = 0; ///< of the best student, which is the one of highest macro-F1, the earlier of equals
    double last = 0;
    double lowest = 0;
    double highest = 0;
};

struct RunSummary {
    std::string folder;  ///< its path
    std::string name;    ///< the experiment's
    std::string created; ///< ISO 8601 with milliseconds and offset: "2026-11-24T03:15:00.123+01:00"
    std::string version; ///< of Stillroom
    /// Dotted key → value as in the resolved experiment.yaml ("selection.decay" → "0.99"); what is not set or
    /// does nothing in this experiment is not there.
    std::map<std::string, std::string> settings;
    std::string rule; ///< selection.rule
    std::int64_t seed = 0;

    enum class State {
        Running,   ///< somebody writes it
        CutOff,    ///< nobody does, and it has no end: it was killed
        Completed, ///< to its last step, or its budget was spent
        Stopped,   ///< by hand
        Failed,    ///< `error` says why
    };
    State state = State::CutOff;
    std::string error;

    std::int64_t steps = 0;                                          ///< candidate batches done
    std::int64_t stepsPerEpoch = 0, epochs = 0, trainingSamples = 0; ///< 0: training has not begun
    double epochsDone = 0;

    /// Of the best student. Nothing without gold, or before the first evaluation; `test` only of a run that
    /// has ended.
    std::optional<Score> validation, test;
    std::optional<ScoreCourse> accuracy, macroF1; ///< over the evaluations of validation
    SampleCounts counts;                          ///< at the end, or so far
    std::optional<double> keptPrecision; ///< share of right pseudo-labels; nothing without gold or an end
    double trainSeconds = 0, evaluateSeconds = 0;
    std::vector<std::int64_t> validationConfusion,
        testConfusion;                ///< K×K, row gold, column predicted; or empty
    std::vector<std::string> classes; ///< K names, by number

    /// Share of `total · epochs` that was in backward passes; 0 before training.
    [[nodiscard]] double gradientShare() const;
    /// Share of `total` that was ever in one.
    [[nodiscard]] double distinctShare() const;
};

/// "running", "cut off", "completed", "stopped", "failed".
[[nodiscard]] const char* stateName(RunSummary::State state);

/// Reads a run that may be going on, finished or cut off, of any format we ever wrote. One millisecond or so
/// on a warm disk; any thread, not the GUI's. Errors: no run folder, damaged database or experiment (says
/// which file), newer format.
Result<RunSummary> summarizeRun(const std::string& folder);

} // namespace stillroom
