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

void StepReporter::putState(TrainingState& state) const {
    const double seconds = trained_.count();
    state.putNumbers<double>("reporter.seconds", std::span(&seconds, 1));
    const std::int64_t first = openWindowStep();
    state.putNumbers<std::int64_t>("reporter.window", std::span(&first, 1));
    if (!windowOpen_)
        return;
    state.putNumbers<std::int32_t>("reporter.candidates", window_.candidatesByClass);
    state.putNumbers<std::int32_t>("reporter.kept", window_.keptByClass);
    state.putNumbers<std::int32_t>("reporter.confidence", window_.confidenceAll);
    state.putNumbers<std::int32_t>("reporter.confidence of kept", window_.confidenceKept);
}

bool StepReporter::takeState(const TrainingState& state, std::int64_t step) {
    const auto seconds = state.numbers<double>("reporter.seconds", 1);
    const auto first = state.numbers<std::int64_t>("reporter.window", 1);
    if (!seconds || !first)
        return false;
    step_ = step;
    trained_ = std::chrono::duration<double>(seconds->front());
    if (first->front() == 0)
        return true;
    const auto candidates = state.numbers<std::int32_t>("reporter.candidates", classCount_);
    const auto kept = state.numbers<std::int32_t>("reporter.kept", classCount_);
    const auto all = state.numbers<std::int32_t>("reporter.confidence", WindowRecord::ConfidenceBins);
    const auto ofKept =
        state.numbers<std::int32_t>("reporter.confidence of kept", WindowRecord::ConfidenceBins);
    if (!candidates || !kept || !all || !ofKept)
        return false;
    openWindow(first->front());
    window_.candidatesByClass = *candidates;
    window_.keptByClass = *kept;
    std::copy(all->begin(), all->end(), window_.confidenceAll.begin());
    std::copy(ofKept->begin(), ofKept->end(), window_.confidenceKept.begin());
    return true;
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
