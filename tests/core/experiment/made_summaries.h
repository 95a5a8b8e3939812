// Summaries of runs that never were, for the tests of what compares them.
#pragma once

#include "core/engine/metrics.h"
#include "core/experiment/run_summary.h"

#include <string>

namespace stillroom {

/// A completed run of two classes with 100 test rows of each, of which `rightOfEach` are right.
inline RunSummary madeSummary(const std::string& rule, std::int64_t seed, std::int64_t rightOfEach,
                              std::map<std::string, std::string> settings = {}) {
    RunSummary run;
    run.folder = "runs/" + rule + "-" + std::to_string(seed);
    run.name = "made";
    run.created = "2026-11-24T03:15:0" + std::to_string(seed % 10) + ".000+01:00";
    run.settings = {{"name", "made"},
                    {"selection.rule", rule},
                    {"training.seed", std::to_string(seed)},
                    {"training.threads", "2"},
                    {"training.device", "cpu"},
                    {"training.epochs", "10"},
                    {"data.test.files", "[test.csv]"},
                    {"data.train.files", "[train.csv]"}};
    for (auto& [key, value] : settings)
        run.settings[key] = value;
    run.rule = rule;
    run.seed = seed;
    run.state = RunSummary::State::Completed;
    run.epochs = 10;
    run.classes = {"no", "yes"};
    const Metrics test = metricsOf({rightOfEach, 100 - rightOfEach, 100 - rightOfEach, rightOfEach}, 2);
    run.test = Score{test.accuracy, test.macroF1, 0.5, test.rows};
    run.testConfusion = test.confusion;
    run.validation = run.test;
    run.counts.total = 1000;
    run.counts.gradient = 5000;
    run.counts.distinct = 700;
    run.trainSeconds = 2;
    return run;
}

} // namespace stillroom
