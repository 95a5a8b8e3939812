#include "core/lab/tried_thresholds.h"

#include "core/selection/class_factors.h"

#include <algorithm>
#include <cassert>
#include <limits>

namespace stillroom {

namespace {

tl::unexpected<Error> cannot(std::string sentence) {
    return fail(std::move(sentence), ErrorKind::Usage);
}

/// The sentence for the first setting that differs and cannot be tried; empty: there is none.
std::string whyNot(const SelectionSettings& was, const SelectionSettings& tried) {
    struct Part {
        std::string_view key;
        bool same;
    };
    const Part shaping[] = {{"selection.decay", decayOf(was) == decayOf(tried)},
                            {"selection.warm_start", was.warmStart == tried.warmStart},
                            {"selection.statistic", was.quantile == tried.quantile}};
    if (was.rule == RuleKind::Llkd && !tried.fixedThresholds)
        for (const auto& part : shaping)
            if (!part.same)
                return std::string(part.key) +
                       " cannot be tried on a stored run: it shapes the statistics behind the thresholds "
                       "from "
                       "the first step on, and a run records the thresholds alone; train with it";
    if (was.rule != RuleKind::Teacher && was.uncertainty != tried.uncertainty)
        return "selection.uncertainty cannot be tried on a stored run: the run recorded the one that it "
               "looked "
               "at, and no other; train with it";
    const Part weighing[] = {{"selection.weight", was.weight == tried.weight},
                             {"selection.alpha", was.alpha == tried.alpha},
                             {"selection.beta", was.beta == tried.beta}};
    for (const auto& part : weighing)
        if (!part.same)
            return std::string(part.key) + " decides how much a kept sample counts, not which samples are "
                                           "kept: there is nothing to try";
    const bool llkd = was.rule == RuleKind::Llkd;
    const Part unseen[] = {
        {"selection.cut", !llkd || was.cut == tried.cut},
        {"selection.ratio", was.ratio == tried.ratio},
        {"selection.resample", was.resample == tried.resample},
        {"selection.clip", llkd || (was.clipLow == tried.clipLow && was.clipHigh == tried.clipHigh)},
        {"selection.teacher_scale", llkd || was.teacherScale == tried.teacherScale},
        {"selection.student_scale", llkd || was.studentScale == tried.studentScale},
        {"selection.class_scaling", llkd || was.classScaling == tried.classScaling}};
    for (const auto& part : unseen)
        if (!part.same)
            return "the rule '" + std::string(ruleName(was.rule)) + "' does not look at " +
                   std::string(part.key);
    return {};
}

/// Thresholds that follow from settings alone, as the rule itself says them.
Result<Thresholds> fromSettings(SelectionSettings settings, std::span<const std::string> classes,
                                const RunPlace& place) {
    settings.weight = Weighting::Uniform;
    Population population;
    population.classCount = static_cast<int>(classes.size());
    population.classNames = classes;
    auto rule = makeRule(settings, population);
    if (!rule)
        return fail(Error{rule.error().message, ErrorKind::Usage, {}});
    constexpr std::uint32_t Sample = 0;
    constexpr std::int32_t Label = 0;
    constexpr float Any = 0.5F;
    const std::vector<float> probabilities(classes.size(), 1.0F / static_cast<float>(classes.size()));
    Batch batch;
    batch.place = place;
    batch.samples = {&Sample, 1};
    batch.labels = {&Label, 1};
    batch.confidences = {&Any, 1};
    if ((*rule)->needsScores()) {
        batch.probabilities = probabilities;
        batch.uncertainties = {&Any, 1};
        batch.losses = {&Any, 1};
    }
    Decision decision;
    (*rule)->observe(batch, decision);
    return (*rule)->thresholds();
}

/// What x of τ = clip(a·f·x) may be.
struct Range {
    double low = 0;
    double high = std::numeric_limits<double>::infinity();
};

struct Clipping {
    double low, high;
    Clipping(const SelectionSettings& settings, const RunPlace& place)
        : low(settings.clipLow.at(place)), high(settings.clipHigh.at(place)) {}
    [[nodiscard]] double operator()(double value) const { return std::min(std::max(value, low), high); }
};

/// One of the two signals of llkd.
struct Side {
    std::string_view name; ///< "teacher"
    std::vector<double> Thresholds::*thresholds;
    Schedule SelectionSettings::*scale;
    ClassFactors SelectionSettings::*factors;
};
constexpr Side Sides[] = {{"teacher", &Thresholds::teacher, &SelectionSettings::teacherScale,
                           &SelectionSettings::teacherClassScales},
                          {"student", &Thresholds::student, &SelectionSettings::studentScale,
                           &SelectionSettings::studentClassScales}};

/// a·f of each class.
std::vector<double> factorsOf(const Side& side, const SelectionSettings& settings,
                              std::span<const std::string> classes, const RunPlace& place) {
    std::vector<double> factors(classes.size(), (settings.*side.scale).at(place));
    FactorsByClass(settings.*side.factors, classes).apply(place, factors);
    return factors;
}

Range rangeOf(double threshold, double factor, const Clipping& clip) {
    Range range;
    if (!(factor > 0))
        return range;
    if (threshold > clip.low)
        range.low = threshold / factor;
    if (threshold < clip.high)
        range.high = threshold / factor;
    return range;
}

/// Of one signal, both of its scales being above 0.
Result<std::vector<double>> triedSide(const Side& side, const std::vector<double>& recorded,
                                      const SelectionSettings& was, const SelectionSettings& tried,
                                      std::span<const std::string> classes, const RunPlace& place) {
    const Clipping clipWas(was, place);
    const Clipping clip(tried, place);
    const auto factorsWere = factorsOf(side, was, classes, place);
    const auto factors = factorsOf(side, tried, classes, place);
    const bool sameClip = clip.low == clipWas.low && clip.high == clipWas.high;
    if (was.classScaling == tried.classScaling && sameClip && factors == factorsWere)
        return recorded;
    if (tried.classScaling && !was.classScaling)
        return cannot(
            "selection.class_scaling cannot be turned on for a stored run: without it the run recorded "
            "nothing of the classes; train with it");
    std::vector<Range> ranges;
    for (std::size_t y = 0; y < recorded.size(); ++y)
        ranges.push_back(rangeOf(recorded[y], factorsWere[y], clipWas));
    if (!tried.classScaling && was.classScaling) {
        Range largest{0, 0};
        for (const Range& range : ranges) {
            largest.low = std::max(largest.low, range.low);
            largest.high = std::max(largest.high, range.high);
        }
        std::fill(ranges.begin(), ranges.end(), largest);
    }
    std::vector<double> thresholds;
    for (std::size_t y = 0; y < ranges.size(); ++y) {
        const auto at = [&](double x) { return factors[y] > 0 ? clip(factors[y] * x) : clip(0); };
        if (at(ranges[y].low) != at(ranges[y].high))
            return cannot("what is asked for cannot be tried on this run: selection.clip cut the " +
                          std::string(side.name) + "'s threshold of '" + classes[y] +
                          "', and what it was cut from is not recorded; train with it");
        thresholds.push_back(at(ranges[y].low));
    }
    return thresholds;
}

Result<Thresholds> triedLlkd(const Thresholds& recorded, const SelectionSettings& was,
                             const SelectionSettings& tried, std::span<const std::string> classes,
                             const RunPlace& place) {
    Thresholds thresholds;
    for (const Side& side : Sides) {
        if (!((tried.*side.scale).at(place) > 0))
            continue; // off
        const auto& before = recorded.*side.thresholds;
        if (before.empty())
            return cannot("selection." + std::string(side.name) + "_scale cannot be tried on this run: the " +
                          std::string(side.name) +
                          "'s threshold was off, so the run recorded none; train with it");
        if (was.fixedThresholds && !tried.fixedThresholds)
            return cannot(
                "selection.fixed_thresholds cannot be taken away from a stored run: the thresholds that "
                "would have moved are not recorded; train without them");
        assert(before.size() == classes.size());
        auto found = triedSide(side, before, was, tried, classes, place);
        if (!found)
            return fail(std::move(found.error()));
        thresholds.*side.thresholds = *std::move(found);
    }
    return thresholds;
}

} // namespace

bool decidesByThresholds(const SelectionSettings& settings) {
    return (settings.rule == RuleKind::Llkd && !settings.fixedRatio) ||
           ((settings.rule == RuleKind::Teacher || settings.rule == RuleKind::Student) && settings.cut &&
            !settings.ratio);
}

Result<Thresholds> triedThresholds(const Thresholds& recorded, const SelectionSettings& was,
                                   const SelectionSettings& tried, std::span<const std::string> classes,
                                   const RunPlace& place) {
    if (auto good = checkSelection(tried); !good)
        return fail(Error{good.error().message, ErrorKind::Usage, {}});
    if (was.rule != tried.rule)
        return cannot(
            "selection.rule cannot be tried on a stored run: the student whose uncertainties it holds "
            "was trained with the rule '" +
            std::string(ruleName(was.rule)) + "'; train with the other one and compare");
    if (!decidesByThresholds(was) || !decidesByThresholds(tried))
        return cannot("only thresholds can be tried on a stored run; here the rule '" +
                      std::string(ruleName(tried.rule)) + "' does not decide by thresholds that it recorded");
    if (auto why = whyNot(was, tried); !why.empty())
        return cannot(std::move(why));
    if (auto good = checkClassNames(tried, classes); !good)
        return fail(Error{good.error().message, ErrorKind::Usage, {}});
    if (tried.rule != RuleKind::Llkd || tried.fixedThresholds)
        return fromSettings(tried, classes, place);
    return triedLlkd(recorded, was, tried, classes, place);
}

} // namespace stillroom
