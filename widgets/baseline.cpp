#include "widgets/baseline.h"

#include <algorithm>
#include <cmath>

namespace stillroom {
namespace {

/// The lowest confidence among the surest ⌈ρN⌉: where the rule `teacher` with a share ends.
double endOfShare(double ratio, std::vector<float> values) {
    if (values.empty())
        return 0;
    const auto size = static_cast<double>(values.size());
    const double wanted = std::clamp(std::ceil(ratio * size - 1e-6), 1.0, size);
    const auto last = values.begin() + static_cast<std::ptrdiff_t>(wanted) - 1;
    std::nth_element(values.begin(), last, values.end(), std::greater<>());
    return static_cast<double>(*last);
}

std::vector<double>& sideOf(Thresholds& thresholds, ThresholdSide side) {
    return side == ThresholdSide::Teacher ? thresholds.teacher : thresholds.student;
}

std::vector<double> byClass(const Schedule& cut, const SelectionSettings& settings, ThresholdSide side,
                            const std::vector<std::string>& classes, const RunPlace& place) {
    std::vector<double> thresholds;
    for (const auto& name : classes)
        thresholds.push_back(cut.at(place) * factorOf(settings, side, name, place));
    return thresholds;
}

} // namespace

const Schedule* cutSetting(const SelectionSettings& settings, ThresholdSide side) {
    const bool hasCut =
        settings.rule == (side == ThresholdSide::Teacher ? RuleKind::Teacher : RuleKind::Student);
    return hasCut && settings.cut && !settings.ratio ? &*settings.cut : nullptr;
}

double scaleOf(const SelectionSettings& settings, ThresholdSide side, const RunPlace& place) {
    return (side == ThresholdSide::Teacher ? settings.teacherScale : settings.studentScale).at(place);
}

double factorOf(const SelectionSettings& settings, ThresholdSide side, const std::string& name,
                const RunPlace& place) {
    const auto& named =
        side == ThresholdSide::Teacher ? settings.teacherClassScales : settings.studentClassScales;
    const auto found = named.find(name);
    return found == named.end() ? 1.0 : found->second.at(place);
}

double clipped(double threshold, const SelectionSettings& settings, const RunPlace& place) {
    if (settings.rule != RuleKind::Llkd)
        return threshold;
    return std::min(std::max(threshold, settings.clipLow.at(place)), settings.clipHigh.at(place));
}

Baseline rescaled(const Baseline& made, const SelectionSettings& now,
                  const std::vector<std::string>& classes) {
    Baseline result = made;
    result.settings = now;
    for (const ThresholdSide side : {ThresholdSide::Teacher, ThresholdSide::Student}) {
        auto& thresholds = sideOf(result.thresholds, side);
        if (const Schedule* cut = cutSetting(now, side)) {
            thresholds = byClass(*cut, now, side, classes, made.place);
            continue;
        }
        if (now.rule != RuleKind::Llkd || thresholds.size() != classes.size())
            continue;
        const double scale = scaleOf(now, side, made.place);
        if (scale <= 0) {
            thresholds.clear();
            continue;
        }
        for (std::size_t k = 0; k < classes.size(); ++k) {
            const double from = scaleOf(made.settings, side, made.place) *
                                factorOf(made.settings, side, classes[k], made.place);
            const double to = scale * factorOf(now, side, classes[k], made.place);
            if (from > 0 && from != to)
                thresholds[k] = clipped(thresholds[k] * to / from, now, made.place);
        }
    }
    return result;
}

Baseline startOf(const SelectionSettings& settings, std::int64_t seed, const SampleTable& table) {
    Baseline start;
    start.settings = settings;
    start.atStart = true;
    const auto& classes = table.set.data->classes();
    for (const ThresholdSide side : {ThresholdSide::Teacher, ThresholdSide::Student})
        if (const Schedule* cut = cutSetting(settings, side))
            sideOf(start.thresholds, side) = byClass(*cut, settings, side, classes, start.place);
    if (settings.rule == RuleKind::Teacher && settings.ratio)
        start.thresholds.teacher.assign(classes.size(),
                                        endOfShare(settings.ratio->at(start.place), table.confidences));
    if (settings.rule != RuleKind::Llkd)
        return start;
    Population population;
    population.classCount = table.classCount;
    population.labels = table.labels;
    population.confidences = table.confidences;
    population.gold = table.gold;
    population.seed = static_cast<std::uint64_t>(seed);
    population.classNames = classes;
    if (const auto rule = makeRule(settings, population))
        start.thresholds = (*rule)->thresholds();
    return start;
}

} // namespace stillroom
