#include "core/training/step_reporter.h"

#include <algorithm>
#include <cmath>

namespace stillroom {

namespace {
constexpr std::chrono::milliseconds Interval{33};
constexpr std::size_t MostSteps = 4096; // a chunk stays small however fast the steps are
} // namespace

StepReporter::StepReporter(int classCount, std::int64_t windowSteps, std::int64_t totalSteps)
    : classCount_(static_cast<std::size_t>(classCount)), windowSteps_(windowSteps), totalSteps_(totalSteps) {}

void StepReporter::openWindow(std::int64_t step) {
    window_ = {};
    window_.firstStep = step;
    window_.candidatesByClass.assign(classCount_, 0);
    window_.keptByClass.assign(classCount_, 0);
    windowOpen_ = true;
}

void StepReporter::add(const StepSummary& step, const Rule& rule) {
    const auto now = Clock::now();
    const std::chrono::duration<double> took = now - lastStep_;
    lastStep_ = now;
    trained_ += took;
    // Exponential smoothing over a second of steps, whatever a step takes.
    const double share = secondsPerStep_ == 0 ? 1 : 1 - std::exp(-took.count());
    secondsPerStep_ += share * (took.count() - secondsPerStep_);
    samplesPerStep_ += share * (step.record.candidates - samplesPerStep_);

    step_ = step.record.step;
    gathered_.steps.push_back(step.record);
    if (!windowOpen_)
        openWindow(step_);
    for (std::size_t i = 0; i < step.labels.size(); ++i) {
        const auto label = static_cast<std::size_t>(step.labels[i]);
        const auto bin = static_cast<std::size_t>(
            std::clamp(static_cast<int>(step.confidences[i] * WindowRecord::ConfidenceBins + 1e-4F), 0,
                       WindowRecord::ConfidenceBins - 1));
        ++window_.candidatesByClass[label];
        ++window_.confidenceAll[bin];
        if (step.keep[i]) {
            ++window_.keptByClass[label];
            ++window_.confidenceKept[bin];
        }
    }
    if (step_ % windowSteps_ == 0)
        closeWindow(rule);
}

void StepReporter::closeWindow(const Rule& rule) {
    if (!windowOpen_)
        return;
    window_.lastStep = step_;
    window_.thresholds = rule.thresholds();
    gathered_.windows.push_back(std::move(window_));
    windowOpen_ = false;
}

bool StepReporter::due() const {
    return gathered_.steps.size() >= MostSteps ||
           (!gathered_.steps.empty() && lastStep_ - lastTake_ >= Interval);
}

StepsEvent StepReporter::take(const SampleCounts& counts, double budgetSpent) {
    StepsEvent event = std::move(gathered_);
    gathered_ = {};
    event.counts = counts;
    event.secondsTrained = trained_.count();
    event.samplesPerSecond = secondsPerStep_ > 0 ? samplesPerStep_ / secondsPerStep_ : 0;
    event.done = std::max(static_cast<double>(step_) / static_cast<double>(totalSteps_), budgetSpent);
    // As fast as now to the last step, or at the pace so far to the end of the budget: whichever is sooner.
    double left = static_cast<double>(totalSteps_ - step_) * secondsPerStep_;
    if (budgetSpent > 0)
        left = std::min(left, trained_.count() * (1 / budgetSpent - 1));
    event.secondsLeft = left + afterwards_;
    lastTake_ = Clock::now();
    return event;
}

void StepReporter::startClock() {
    if (!clockRuns_)
        lastStep_ = Clock::now();
    clockRuns_ = true;
}

void StepReporter::stopClock() {
    clockRuns_ = false;
}

} // namespace stillroom
