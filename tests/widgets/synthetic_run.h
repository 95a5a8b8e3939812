// Events as a session sends them, made up: for tests of what the window does with them, without an engine.
// The numbers have the shape of a real run (thresholds that rise, fewer and fewer kept) and follow from a
// seed.
#pragma once

#include "core/base/random.h"
#include "core/engine/events.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace stillroom::test {

class SyntheticRun {
  public:
    SyntheticRun(int classCount, std::int64_t samples, std::int64_t epochs, std::int64_t batch = 64)
        : random_(1, "synthetic"), classCount_(classCount) {
        started_.samples = samples;
        started_.epochs = epochs;
        started_.batch = batch;
        started_.stepsPerEpoch = (samples + batch - 1) / batch;
        started_.classCount = classCount;
        started_.device = "cpu";
        started_.threads = 2;
        counts_.total = samples;
        windowSteps_ = std::max<std::int64_t>(1, started_.stepsPerEpoch / 100);
        clearWindow();
    }

    [[nodiscard]] const StartedEvent& started() const { return started_; }
    [[nodiscard]] std::int64_t totalSteps() const { return started_.stepsPerEpoch * started_.epochs; }
    [[nodiscard]] std::int64_t step() const { return step_; }

    /// The next `count` steps, with the windows that end among them.
    StepsEvent steps(std::int64_t count) {
        StepsEvent event;
        for (std::int64_t i = 0; i < count && step_ < totalSteps(); ++i)
            event.steps.push_back(next(event));
        event.counts = counts_;
        event.samplesPerSecond = 212'000;
        event.secondsLeft = static_cast<double>(totalSteps() - step_) / 3000;
        event.secondsTrained = static_cast<double>(step_) / 3000;
        return event;
    }

    EvaluationEvent evaluation() {
        EvaluationEvent event;
        event.step = step_;
        event.epoch = static_cast<double>(step_) / static_cast<double>(started_.stepsPerEpoch);
        event.metrics.rows = 6463;
        event.metrics.accuracy =
            0.67 - 0.12 * std::exp(-event.epoch / 1.5) + (random_.uniform() - 0.5) * 0.006;
        event.metrics.macroF1 = event.metrics.accuracy - 0.03 + (random_.uniform() - 0.5) * 0.006;
        event.counts = counts_;
        event.best = event.metrics.macroF1 > best_;
        best_ = std::max(best_, event.metrics.macroF1);
        return event;
    }

  private:
    StepRecord next(StepsEvent& event) {
        const double progress = static_cast<double>(step_) / static_cast<double>(totalSteps());
        const double bump = std::exp(-std::pow((progress - 0.1) / 0.1, 2));
        const double share = 0.12 + 0.2 * bump + 0.06 * (random_.uniform() - 0.5);
        StepRecord record;
        record.step = ++step_;
        record.candidates = static_cast<std::int32_t>(started_.batch);
        for (std::int64_t i = 0; i < started_.batch; ++i) {
            const auto k = static_cast<std::size_t>(std::pow(random_.uniform(), 2) * classCount_);
            const double confidence = 1 - 0.4 * std::pow(random_.uniform(), 2);
            const auto bin = static_cast<std::size_t>(std::min(99.0, confidence * 100));
            ++window_.candidatesByClass[k];
            ++window_.confidenceAll[bin];
            if (random_.uniform() > share * (0.4 + confidence * 0.7))
                continue;
            ++record.kept;
            ++window_.keptByClass[k];
            ++window_.confidenceKept[bin];
            record.keptWithGold += 1;
            record.keptRight += random_.uniform() < confidence - 0.25 ? 1 : 0;
        }
        record.loss = static_cast<float>(2 * std::exp(-3 * progress));
        record.learningRate = static_cast<float>(1 - progress);
        counts_.seen += started_.batch;
        counts_.gradient += record.kept;
        counts_.distinct = static_cast<std::int64_t>(
            static_cast<double>(counts_.total) *
            (1 - std::exp(-static_cast<double>(counts_.gradient) / static_cast<double>(counts_.total) / 2)));
        if (step_ % windowSteps_ == 0 || step_ == totalSteps()) {
            window_.firstStep = windowFirst_;
            window_.lastStep = step_;
            for (int k = 0; k < classCount_; ++k) {
                window_.thresholds.teacher.push_back(0.84 + 0.1 * std::sin(k * 1.7) + 0.02 * progress);
                window_.thresholds.student.push_back((0.25 + 0.15 * std::sin(k * 2.3)) * std::exp(-progress));
            }
            event.windows.push_back(window_);
            clearWindow();
        }
        return record;
    }

    void clearWindow() {
        window_ = {};
        window_.candidatesByClass.assign(static_cast<std::size_t>(classCount_), 0);
        window_.keptByClass.assign(static_cast<std::size_t>(classCount_), 0);
        windowFirst_ = step_ + 1;
    }

    Random random_;
    int classCount_;
    StartedEvent started_;
    SampleCounts counts_;
    WindowRecord window_;
    std::int64_t step_ = 0, windowFirst_ = 1, windowSteps_ = 1;
    double best_ = 0;
};

} // namespace stillroom::test
