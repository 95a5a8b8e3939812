// Run folders as training would have left them, made up from a seed: for tests and benchmarks of what reads
// many runs.
#pragma once

#include "core/base/random.h"
#include "core/experiment/run_folder.h"

#include <QtGlobal>
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace stillroom::test {

struct MadeRun {
    std::string name = "humaid";
    std::string rule = "llkd";
    std::int64_t seed = 1;
    std::int64_t epochs = 10;
    std::int64_t steps = 500; ///< candidate batches, in all
    double reached = 0.66;    ///< macro-F1 at the end, about
    double keptShare = 0.2;   ///< of the candidates
    Outcome outcome = Outcome::Completed;
    bool cutOff = false;                                            ///< nobody wrote its end
    std::vector<std::pair<std::string, std::string>> settings = {}; ///< further ones, as YAML
};

namespace made {

inline constexpr std::int64_t Samples = 20'000, Batch = 64;
inline constexpr std::int64_t EventSteps = 100; ///< of one StepsEvent

inline SampleCounts countsAt(const MadeRun& run, std::int64_t step) {
    SampleCounts counts;
    counts.total = Samples;
    counts.seen = step * Batch;
    counts.gradient = static_cast<std::int64_t>(static_cast<double>(counts.seen) * run.keptShare);
    const double share = static_cast<double>(counts.gradient) / Samples;
    counts.distinct = static_cast<std::int64_t>(Samples * (1 - std::exp(-share)));
    return counts;
}

/// Two classes of 500 rows; `right` of each 500 hit.
inline Metrics metricsAt(double right) {
    const auto hit = static_cast<std::int64_t>(std::lround(right * 500));
    Metrics metrics = metricsOf({hit, 500 - hit, 500 - hit, hit}, 2);
    metrics.loss = -std::log(std::max(0.05, right));
    return metrics;
}

inline Experiment experimentOf(const MadeRun& run) {
    Experiment experiment;
    experiment.name = run.name;
    experiment.data.train.files = {"humaid/train.csv"};
    experiment.data.train.text = "tweet_text";
    experiment.teacher.kind = TeacherKind::Gold;
    auto settings = run.settings;
    settings.insert(settings.begin(), {{"selection.rule", run.rule},
                                       {"training.seed", std::to_string(run.seed)},
                                       {"training.epochs", std::to_string(run.epochs)}});
    for (const auto& [key, value] : settings)
        if (const auto set = setSetting(experiment, key, value); !set)
            qFatal("%s", set.error().message.c_str());
    return experiment;
}

inline double reachedAt(const MadeRun& run, double done, Random& random) {
    return run.reached - 0.3 * std::exp(-4 * done) + 0.006 * (random.uniform() - 0.5);
}

} // namespace made

/// The new run's folder, in `runsFolder`.
inline std::string writeMadeRun(const std::string& runsFolder, const MadeRun& run) {
    const auto must = [](const auto& result) {
        if (!result)
            qFatal("%s", result.error().message.c_str());
    };
    Random random(static_cast<std::uint64_t>(run.seed), run.name + run.rule);
    const RunOrigin origin{"0.1.0", "cpu",         2,    "1.13.1", "OpenBLAS 0.3.21", {"a", "b"},
                           "/data", made::Samples, 0.68, 0.61};
    auto folder = RunFolder::create(runsFolder, made::experimentOf(run), origin);
    must(folder);
    const std::int64_t perEpoch = std::max<std::int64_t>(1, run.steps / run.epochs);
    std::vector<Event> events{
        StartedEvent{made::Samples, run.epochs, perEpoch, made::Batch, 2, "cpu", 2, 0.5}};
    double best = 0;
    FinishedEvent end;
    for (std::int64_t step = 1; step <= run.steps;) {
        StepsEvent event;
        const std::int64_t until =
            std::min({run.steps, step + made::EventSteps - 1, ((step - 1) / perEpoch + 1) * perEpoch});
        for (; step <= until; ++step) {
            const double done = static_cast<double>(step) / static_cast<double>(run.steps);
            StepRecord record;
            record.step = step;
            record.candidates = made::Batch;
            const double share = run.keptShare * (1.6 - 0.8 * done) * (0.7 + 0.6 * random.uniform());
            record.kept = static_cast<std::int32_t>(std::lround(made::Batch * std::min(1.0, share)));
            record.loss = static_cast<float>(2 * std::exp(-2 * done) + 0.3 * random.uniform());
            record.learningRate = static_cast<float>(1 - done);
            event.steps.push_back(record);
        }
        event.counts = made::countsAt(run, until);
        event.secondsTrained = 0.004 * static_cast<double>(until);
        events.emplace_back(std::move(event));
        if (until % perEpoch == 0) {
            EvaluationEvent evaluation;
            evaluation.step = until;
            evaluation.epoch = static_cast<double>(until) / static_cast<double>(perEpoch);
            evaluation.metrics = made::metricsAt(
                made::reachedAt(run, evaluation.epoch / static_cast<double>(run.epochs), random));
            evaluation.best = evaluation.metrics.macroF1 > best;
            evaluation.counts = made::countsAt(run, until);
            evaluation.seconds = 0.01;
            if (evaluation.best) {
                best = evaluation.metrics.macroF1;
                end.validation = evaluation.metrics;
            }
            events.emplace_back(std::move(evaluation));
        }
    }
    end.outcome = run.outcome;
    if (run.outcome == Outcome::Failed)
        end.error = "out of memory; lower training.batch";
    end.step = run.steps;
    if (run.outcome != Outcome::Failed)
        end.test = made::metricsAt(best - 0.01 + 0.008 * (random.uniform() - 0.5));
    end.counts = made::countsAt(run, run.steps);
    end.keptWithGold = 1000;
    end.keptRight = 700 + static_cast<std::int64_t>(random.below(150));
    end.trainSeconds = 0.004 * static_cast<double>(run.steps);
    end.evaluateSeconds = 0.01 * static_cast<double>(run.epochs);
    if (!run.cutOff)
        events.emplace_back(end);
    must((*folder)->record(events));
    must((*folder)->close());
    return (*folder)->path();
}

} // namespace stillroom::test
