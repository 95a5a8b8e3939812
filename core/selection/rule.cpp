#include "core/selection/rule.h"

#include "core/base/number.h"
#include "core/selection/rules.h"

#include <algorithm>
#include <cmath>

namespace stillroom {

namespace {

struct Range {
    double low, high;
    bool openLow = false, openHigh = false;
    std::string_view words; ///< "between 0 and 1"

    [[nodiscard]] bool holds(double value) const {
        return std::isfinite(value) && (openLow ? value > low : value >= low) &&
               (openHigh ? value < high : value <= high);
    }
};

constexpr double Unbounded = 1.7e308;
constexpr Range UnitInterval{0, 1, false, false, "between 0 and 1"};
constexpr Range Share{0, 1, true, false, "above 0 and at most 1"};
constexpr Range Decay{0, 1, false, true, "at least 0 and below 1"};
constexpr Range NotNegative{0, Unbounded, false, false, "0 or more"};

Result<void> outOfRange(std::string_view key, double value, const Range& range) {
    return fail(std::string(key) + " is " + writeNumber(value) + ", but has to be " +
                std::string(range.words));
}

Result<void> checkNumber(std::string_view key, double value, const Range& range) {
    if (!range.holds(value))
        return outOfRange(key, value, range);
    return {};
}

/// Every shape stays between its two ends, so the ends decide.
Result<void> checkSchedule(std::string_view key, const Schedule& schedule, const Range& range) {
    if (!range.holds(schedule.from))
        return outOfRange(key, schedule.from, range);
    if (schedule.shape == ScheduleShape::Constant)
        return {};
    if (!range.holds(schedule.to))
        return outOfRange(key, schedule.to, range);
    if (schedule.shape == ScheduleShape::Exponential && !(schedule.from > 0 && schedule.to > 0))
        return fail(std::string(key) +
                    " has an exponential schedule that touches 0; take shape: linear, or ends "
                    "above 0");
    return {};
}

Result<void> checkLlkd(const SelectionSettings& settings) {
    if (auto good = checkSchedule("selection.decay", settings.decay, Decay); !good)
        return good;
    if (settings.quantile)
        if (auto good = checkNumber("selection.statistic's quantile", *settings.quantile, UnitInterval);
            !good)
            return good;
    if (!UnitInterval.holds(settings.clipLow) || !UnitInterval.holds(settings.clipHigh) ||
        settings.clipLow > settings.clipHigh)
        return fail("selection.clip is [" + writeNumber(settings.clipLow) + ", " +
                    writeNumber(settings.clipHigh) +
                    "], but has to be two numbers between 0 and 1, the lower one first");
    if (auto good = checkSchedule("selection.teacher_scale", settings.teacherScale, NotNegative); !good)
        return good;
    return checkSchedule("selection.student_scale", settings.studentScale, NotNegative);
}

Result<void> checkTeacher(const SelectionSettings& settings) {
    if (settings.cut && settings.ratio)
        return fail(
            "selection.cut and selection.ratio are both set, but the rule 'teacher' takes one of them; "
            "remove the other");
    if (settings.cut)
        return checkSchedule("selection.cut", *settings.cut, UnitInterval);
    if (settings.ratio)
        return checkSchedule("selection.ratio", *settings.ratio, Share);
    return fail("the rule 'teacher' needs selection.cut (the lowest confidence to keep, e.g. 0.95) or "
                "selection.ratio (the surest share, e.g. 0.5)");
}

Result<void> checkRule(const SelectionSettings& settings) {
    switch (settings.rule) {
    case RuleKind::Llkd:
        return checkLlkd(settings);
    case RuleKind::Teacher:
        return checkTeacher(settings);
    case RuleKind::Random:
        if (!settings.ratio)
            return fail(
                "the rule 'random' needs selection.ratio, the share of the samples to keep, e.g. 0.16");
        return checkSchedule("selection.ratio", *settings.ratio, Share);
    case RuleKind::All:
    case RuleKind::Oracle:
        break;
    }
    return {};
}

Result<void> checkWeights(const SelectionSettings& settings) {
    if (settings.weight == Weighting::Uniform)
        return {};
    if (auto good = checkNumber("selection.alpha", settings.alpha, NotNegative); !good)
        return good;
    return checkNumber("selection.beta", settings.beta, NotNegative);
}

} // namespace

Result<void> checkSelection(const SelectionSettings& settings) {
    if (auto good = checkRule(settings); !good)
        return good;
    return checkWeights(settings);
}

Result<std::unique_ptr<Rule>> makeRule(const SelectionSettings& settings, const Population& population) {
    if (auto good = checkSelection(settings); !good)
        return fail(good.error());
    assert(population.classCount > 0);
    assert(population.confidences.size() == population.labels.size());
    switch (settings.rule) {
    case RuleKind::All:
        return makeAll(settings, population);
    case RuleKind::Random:
        return makeRandom(settings, population);
    case RuleKind::Teacher:
        return makeTeacher(settings, population);
    case RuleKind::Oracle:
        if (std::none_of(population.gold.begin(), population.gold.end(), [](auto gold) { return gold >= 0; }))
            return fail(
                "the rule 'oracle' keeps the samples whose pseudo-label is right, but no training sample has "
                "a gold label; name the column in data.train.gold or take another selection.rule");
        return makeOracle(settings, population);
    case RuleKind::Llkd:
        break;
    }
    return makeLlkd(settings, population);
}

std::string_view ruleName(RuleKind rule) {
    switch (rule) {
    case RuleKind::All:
        return "all";
    case RuleKind::Random:
        return "random";
    case RuleKind::Teacher:
        return "teacher";
    case RuleKind::Oracle:
        return "oracle";
    case RuleKind::Llkd:
        break;
    }
    return "llkd";
}

std::string_view ruleTitle(RuleKind rule) {
    switch (rule) {
    case RuleKind::All:
        return "All samples";
    case RuleKind::Random:
        return "Random share";
    case RuleKind::Teacher:
        return "Teacher's confidence";
    case RuleKind::Oracle:
        return "Oracle (needs gold)";
    case RuleKind::Llkd:
        break;
    }
    return "LLKD (reconstructed)";
}

} // namespace stillroom
