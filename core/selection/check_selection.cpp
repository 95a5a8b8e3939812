// Which settings each rule needs, and in which ranges: checkSelection.
#include "core/base/check_schedule.h"
#include "core/base/number.h"
#include "core/selection/rule.h"

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

/// Every shape stays between its two ends, so the ends decide. A warm-up comes from 0, which all ranges allow
/// but a share's: there it begins with one sample (shareOf, rules.h).
Result<void> check(std::string_view key, const Schedule& schedule, const Range& range) {
    const auto outOfRange = [&](double value) {
        return fail(std::string(key) + " is " + writeNumber(value) + ", but has to be " +
                    std::string(range.words));
    };
    if (!range.holds(schedule.from))
        return outOfRange(schedule.from);
    if (schedule.shape != ScheduleShape::Constant && !range.holds(schedule.to))
        return outOfRange(schedule.to);
    return checkScheduleForm(key, schedule);
}

Result<void> checkDecay(const SelectionSettings& settings) {
    if (!settings.decay)
        return {};
    if (settings.decay->warmup.length != 0)
        return fail("selection.decay has a warm-up, which would begin at 0 and forget what the statistics "
                    "started from; take it away, or say where λ begins with from and to");
    return check("selection.decay", *settings.decay, Decay);
}

/// What llkd and freematch do with their signals.
Result<void> checkStatistics(const SelectionSettings& settings) {
    if (auto good = checkDecay(settings); !good)
        return good;
    if (settings.quantile)
        if (auto good = check("selection.statistic's quantile", *settings.quantile, UnitInterval); !good)
            return good;
    for (const auto* bound : {&settings.clipLow, &settings.clipHigh})
        if (auto good = checkScheduleForm("selection.clip", *bound); !good)
            return good;
    const auto wrong = [](double low, double high) {
        return !UnitInterval.holds(low) || !UnitInterval.holds(high) || low > high;
    };
    const auto endOf = [](const Schedule& bound) {
        return bound.shape == ScheduleShape::Constant ? bound.from : bound.to;
    };
    const Schedule& low = settings.clipLow;
    const Schedule& high = settings.clipHigh;
    for (const auto& [lower, upper] : {std::pair(low.from, high.from), std::pair(endOf(low), endOf(high))})
        if (wrong(lower, upper))
            return fail("selection.clip is [" + writeNumber(lower) + ", " + writeNumber(upper) +
                        "], but has to be two numbers between 0 and 1, the lower one first");
    return check("selection.student_scale", settings.studentScale, NotNegative);
}

Result<void> checkFactors(const std::string& key, const ClassFactors& factors) {
    for (const auto& [name, factor] : factors) {
        std::string of = key;
        of.append("'s '").append(name).append("'");
        if (auto good = check(of, factor, NotNegative); !good)
            return good;
    }
    return {};
}

constexpr const char* TeacherFactors = "selection.teacher_class_scales";
constexpr const char* StudentFactors = "selection.student_class_scales";

Result<void> checkLlkd(const SelectionSettings& settings) {
    if (auto good = checkStatistics(settings); !good)
        return good;
    if (auto good = check("selection.teacher_scale", settings.teacherScale, NotNegative); !good)
        return good;
    if (auto good = checkFactors(TeacherFactors, settings.teacherClassScales); !good)
        return good;
    if (auto good = checkFactors(StudentFactors, settings.studentClassScales); !good)
        return good;
    if (settings.fixedThresholds && settings.fixedRatio)
        return fail("selection.fixed_thresholds and selection.fixed_ratio are both set, but only one of them "
                    "can stand in the place of moving thresholds; remove the other");
    if (settings.fixedRatio)
        return check("selection.fixed_ratio", *settings.fixedRatio, Share);
    if (!settings.fixedThresholds)
        return {};
    if (auto good =
            check("selection.fixed_thresholds' teacher", settings.fixedThresholds->teacher, UnitInterval);
        !good)
        return good;
    return check("selection.fixed_thresholds' student", settings.fixedThresholds->student, UnitInterval);
}

/// `words` says what cut and ratio are of the rule.
Result<void> checkCutOrRatio(const SelectionSettings& settings, const std::string& rule,
                             const std::string& words, const char* factorsKey, const ClassFactors& factors) {
    if (settings.cut && settings.ratio)
        return fail("selection.cut and selection.ratio are both set, but the rule '" + rule +
                    "' takes one of them; remove the other");
    if (settings.ratio)
        return check("selection.ratio", *settings.ratio, Share);
    if (!settings.cut)
        return fail("the rule '" + rule + "' needs " + words);
    if (auto good = check("selection.cut", *settings.cut, UnitInterval); !good)
        return good;
    return checkFactors(factorsKey, factors);
}

Result<void> checkRatio(const SelectionSettings& settings, const char* need) {
    if (!settings.ratio)
        return fail(need);
    return check("selection.ratio", *settings.ratio, Share);
}

Result<void> checkRule(const SelectionSettings& settings) {
    switch (settings.rule) {
    case RuleKind::Llkd:
        return checkLlkd(settings);
    case RuleKind::Teacher:
        return checkCutOrRatio(settings, "teacher",
                               "selection.cut (the lowest confidence to keep, e.g. 0.95) or selection.ratio "
                               "(the surest share, e.g. 0.5)",
                               TeacherFactors, settings.teacherClassScales);
    case RuleKind::Student:
        return checkCutOrRatio(settings, "student",
                               "selection.cut (the lowest uncertainty to keep, e.g. 0.5) or selection.ratio "
                               "(the most uncertain share of each batch, e.g. 0.2)",
                               StudentFactors, settings.studentClassScales);
    case RuleKind::FixMatch:
    case RuleKind::FlexMatch:
        return check("selection.cut", cutOf(settings), UnitInterval);
    case RuleKind::FreeMatch:
        return checkStatistics(settings);
    case RuleKind::SoftMatch:
        return checkDecay(settings);
    case RuleKind::Random:
        return checkRatio(
            settings, "the rule 'random' needs selection.ratio, the share of the samples to keep, e.g. 0.16");
    case RuleKind::SmallLoss:
        return checkRatio(settings, "the rule 'small_loss' needs selection.ratio, the share of each batch to "
                                    "keep, e.g. 0.8");
    case RuleKind::All:
    case RuleKind::Oracle:
        break;
    }
    return {};
}

} // namespace

Result<void> checkSelection(const SelectionSettings& settings) {
    if (auto good = checkRule(settings); !good)
        return good;
    if (settings.weight == Weighting::Uniform)
        return {};
    if (auto good = check("selection.alpha", settings.alpha, NotNegative); !good)
        return good;
    return check("selection.beta", settings.beta, NotNegative);
}

} // namespace stillroom
