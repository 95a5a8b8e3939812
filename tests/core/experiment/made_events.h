// Events as a session would send them, for the tests of what records and shows them.
#pragma once

#include "core/engine/events.h"
#include "core/experiment/run_folder.h"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace stillroom {

inline StepRecord madeStep(std::int64_t number) {
    StepRecord step{
        number, 64, static_cast<std::int32_t>(number % 30), 10, 7, 0.1F * static_cast<float>(number), 0.5F};
    if (step.kept == 0)
        step.loss = std::numeric_limits<float>::quiet_NaN();
    return step;
}

inline StepsEvent madeSteps(std::int64_t first, std::int64_t last) {
    StepsEvent event;
    for (std::int64_t number = first; number <= last; ++number)
        event.steps.push_back(madeStep(number));
    WindowRecord window;
    window.firstStep = first;
    window.lastStep = last;
    window.candidatesByClass = {5, 6, static_cast<std::int32_t>(last)};
    window.keptByClass = {1, 2, 3};
    window.confidenceAll[0] = 1;
    window.confidenceAll[99] = 70000;
    window.confidenceKept[50] = 3;
    window.thresholds = {{0.1, 0.2, 1.0 / 3}, {0.5, 0.25, 1e-7}};
    event.windows.push_back(window);
    event.counts = {1000, last * 64, last * 3, last, 1e9 * static_cast<double>(last), 3e9};
    event.samplesPerSecond = 12345.5;
    event.secondsTrained = 0.25 * static_cast<double>(last);
    return event;
}

inline EvaluationEvent madeEvaluation(std::int64_t step) {
    EvaluationEvent event;
    event.split = Split::Validation;
    event.step = step;
    event.epoch = 1.5;
    event.metrics = metricsOf({5, 1, 0, 2, 6, 0, 0, 1, 3}, 3);
    event.metrics.loss = 0.625;
    event.counts = {1000, 2000, 300, 200, 1e12, 2e12};
    event.best = true;
    event.seconds = 0.125;
    event.meanUncertainty = 0.75;
    return event;
}

inline FinishedEvent madeEnd(Outcome outcome = Outcome::Completed) {
    FinishedEvent event;
    event.outcome = outcome;
    event.step = 99;
    event.validation = madeEvaluation(99).metrics;
    event.test = metricsOf({1, 0, 0, 0, 1, 0, 0, 1, 1}, 3);
    event.test.loss = 1.25;
    event.counts = {1000, 5000, 700, 400, 1e12, 2e12};
    event.keptWithGold = 700;
    event.keptRight = 650;
    event.trainSeconds = 12.5;
    event.evaluateSeconds = 1.5;
    return event;
}

inline RunOrigin madeOrigin() {
    return {"0.1.0",      "auto", 2,    "1.13.1", "OpenBLAS 0.3.21", {"a", "b \"quoted\"", "ü"},
            "/data root", 1000,   0.68, 0.61};
}

inline Experiment madeExperiment() {
    Experiment experiment;
    experiment.name = "made";
    experiment.data.train.files = {"a.csv"};
    experiment.data.train.text = "text";
    experiment.teacher.kind = TeacherKind::Gold;
    experiment.selection.studentScale = 0.5;
    return experiment;
}

} // namespace stillroom
