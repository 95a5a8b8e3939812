#include "widgets/threshold_outlook.h"

#include "widgets/baseline.h"

#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

ThresholdOutlook rangeOf(const std::vector<double>& thresholds) {
    const auto [low, high] = std::minmax_element(thresholds.begin(), thresholds.end());
    return {*low, *high, std::nullopt, false};
}

/// Thresholds that follow from scales and statistics alone.
bool moves(const SelectionSettings& settings) {
    return settings.rule == RuleKind::Llkd && !settings.fixedThresholds && !settings.fixedRatio;
}

/// What there would be at `place` for all classes, times scale and factors.
std::vector<double> scaledUp(const SelectionSettings& now, ThresholdSide side,
                             const std::vector<std::string>& classes, const RunPlace& place,
                             const std::vector<double>& unscaled) {
    std::vector<double> thresholds;
    for (std::size_t k = 0; k < classes.size(); ++k)
        thresholds.push_back(clipped(
            scaleOf(now, side, place) * factorOf(now, side, classes[k], place) * unscaled[k], now, place));
    return thresholds;
}

/// The formula of core/selection/llkd.h at the first step, with the whole teacher as statistics.
std::vector<double> warmThresholds(const SelectionSettings& now, const DataSummary& summary) {
    const double global =
        now.quantile ? summary.cutOfTop(1 - now.quantile->at(0)) : summary.meanConfidenceOfAll;
    double most = 0;
    for (const double mean : summary.meanConfidence)
        if (!std::isnan(mean))
            most = std::max(most, mean);
    std::vector<double> unscaled;
    for (const double mean : summary.meanConfidence)
        unscaled.push_back(global * (!now.classScaling || most <= 0 || std::isnan(mean) ? 1.0 : mean / most));
    return scaledUp(now, ThresholdSide::Teacher, summary.classes, {}, unscaled);
}

/// Those that do not move; empty: they do.
std::vector<double> fixedThresholds(const SelectionSettings& now, ThresholdSide side, const RunPlace& place,
                                    const std::vector<std::string>& classes) {
    if (!now.fixedThresholds)
        return {};
    const Schedule& number =
        side == ThresholdSide::Teacher ? now.fixedThresholds->teacher : now.fixedThresholds->student;
    return scaledUp(now, side, classes, place, std::vector<double>(classes.size(), number.at(place)));
}

/// From those of a run, made with `running`; empty: there are none.
std::vector<double> liveThresholds(const SelectionSettings& now, const SelectionSettings* running,
                                   ThresholdSide side, const LiveModel& live) {
    if (!moves(now) || running == nullptr || !moves(*running))
        return {};
    Baseline made;
    made.thresholds = live.thresholds();
    made.settings = *running;
    made.place = live.place();
    return rescaled(made, now, live.classes()).of(side);
}

} // namespace

std::optional<ThresholdOutlook> teacherOutlook(const SelectionSettings& now, const SelectionSettings* running,
                                               const LiveModel& live, const DataSummary* summary) {
    if (now.rule != RuleKind::Llkd || now.fixedRatio || now.teacherScale.at(live.place()) <= 0)
        return std::nullopt;
    const auto& classes = summary != nullptr ? summary->classes : live.classes();
    std::vector<double> thresholds = fixedThresholds(now, ThresholdSide::Teacher, live.place(), classes);
    if (thresholds.empty())
        thresholds = liveThresholds(now, running, ThresholdSide::Teacher, live);
    bool atStart = false;
    if (thresholds.empty() && moves(now) && now.warmStart && summary != nullptr && summary->taught > 0) {
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
    if (now.rule != RuleKind::Llkd || now.fixedRatio || now.studentScale.at(live.place()) <= 0)
        return std::nullopt;
    const auto& classes = summary != nullptr ? summary->classes : live.classes();
    std::vector<double> thresholds = fixedThresholds(now, ThresholdSide::Student, live.place(), classes);
    if (thresholds.empty())
        thresholds = liveThresholds(now, running, ThresholdSide::Student, live);
    if (thresholds.empty())
        return std::nullopt;
    ThresholdOutlook outlook = rangeOf(thresholds);
    // How much the student refuses of what the teacher's bar lets through is known for the bars that were
    // used; for others one would have to look at the samples again.
    if (running != nullptr && now == *running && live.recent().candidates > 0) {
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
