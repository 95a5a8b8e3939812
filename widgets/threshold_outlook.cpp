#include "widgets/threshold_outlook.h"

#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

double progressOf(const LiveModel& live) {
    return live.totalSteps() > 0
               ? std::min(1.0, static_cast<double>(live.step()) / static_cast<double>(live.totalSteps()))
               : 0.0;
}

/// τ is proportional to the scale before it is clipped.
std::vector<double> rescaled(std::vector<double> thresholds, double from, double to,
                             const SelectionSettings& now) {
    if (from <= 0)
        return {};
    for (auto& threshold : thresholds)
        threshold = std::clamp(threshold * to / from, now.clipLow, now.clipHigh);
    return thresholds;
}

ThresholdOutlook rangeOf(const std::vector<double>& thresholds) {
    const auto [low, high] = std::minmax_element(thresholds.begin(), thresholds.end());
    return {*low, *high, std::nullopt, false};
}

/// The formula of core/selection/llkd.h at the first step, with the whole teacher as statistics.
std::vector<double> warmThresholds(const SelectionSettings& now, const DataSummary& summary) {
    const double global = now.quantile ? summary.cutOfTop(1 - *now.quantile) : summary.meanConfidenceOfAll;
    double most = 0;
    for (const double mean : summary.meanConfidence)
        if (!std::isnan(mean))
            most = std::max(most, mean);
    std::vector<double> thresholds;
    for (const double mean : summary.meanConfidence) {
        const double scaling = !now.classScaling || most <= 0 ? 1.0 : std::isnan(mean) ? 1.0 : mean / most;
        thresholds.push_back(
            std::clamp(now.teacherScale.at(0) * global * scaling, now.clipLow, now.clipHigh));
    }
    return thresholds;
}

} // namespace

std::optional<ThresholdOutlook> teacherOutlook(const SelectionSettings& now, const SelectionSettings* running,
                                               const LiveModel& live, const DataSummary* summary) {
    if (now.rule != RuleKind::Llkd || now.teacherScale.at(progressOf(live)) <= 0)
        return std::nullopt;
    std::vector<double> thresholds;
    bool atStart = false;
    if (running != nullptr && running->rule == now.rule && !live.thresholds().teacher.empty()) {
        const double progress = progressOf(live);
        thresholds = rescaled(live.thresholds().teacher, running->teacherScale.at(progress),
                              now.teacherScale.at(progress), now);
    }
    if (thresholds.empty() && now.warmStart && summary != nullptr && summary->taught > 0) {
        thresholds = warmThresholds(now, *summary);
        atStart = true;
    }
    if (thresholds.empty())
        return std::nullopt;
    ThresholdOutlook outlook = rangeOf(thresholds);
    outlook.atStart = atStart;
    if (summary != nullptr && summary->taught > 0)
        outlook.refused = summary->refusedBy(thresholds);
    return outlook;
}

std::optional<ThresholdOutlook> studentOutlook(const SelectionSettings& now, const SelectionSettings* running,
                                               const LiveModel& live, const DataSummary* summary) {
    const double progress = progressOf(live);
    if (now.rule != RuleKind::Llkd || now.studentScale.at(progress) <= 0 || running == nullptr ||
        running->rule != now.rule || live.thresholds().student.empty())
        return std::nullopt;
    const auto thresholds = rescaled(live.thresholds().student, running->studentScale.at(progress),
                                     now.studentScale.at(progress), now);
    if (thresholds.empty())
        return std::nullopt;
    ThresholdOutlook outlook = rangeOf(thresholds);
    // How much the student refuses of what the teacher's bar lets through is known for the bars that were
    // used; for others one would have to look at the samples again.
    if (now == *running && live.recent().candidates > 0) {
        const auto teacher = teacherOutlook(now, running, live, summary);
        const double passed = teacher && teacher->refused ? 1 - *teacher->refused : 1;
        const double kept =
            static_cast<double>(live.recent().kept) / static_cast<double>(live.recent().candidates);
        if (passed > 0 && kept <= passed)
            outlook.refused = 1 - kept / passed;
    }
    return outlook;
}

} // namespace stillroom
