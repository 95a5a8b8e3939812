#include "core/selection/llkd.h"

#include "core/base/check_schedule.h"

#include <algorithm>

namespace stillroom {

Llkd::Llkd(const SelectionSettings& settings, const Population& population)
    : RuleBase(settings, population), confidence_(population.classCount), uncertainty_(population.classCount),
      teacherFactors_(settings.teacherClassScales, population.classNames),
      studentFactors_(settings.studentClassScales, population.classNames) {
    confidence_.onlyClassesOf(population.labels);
    uncertainty_.onlyClassesOf(population.labels);
    const RunPlace start;
    if (settings.warmStart)
        confidence_.start(population.confidences, population.labels,
                          settings.quantile ? std::optional(settings.quantile->at(start)) : std::nullopt);
    else
        confidence_.start(1.0 / population.classCount);
    if (confidence_.started() && !settings.fixedRatio)
        thresholdsOf(confidence_, settings.teacherScale.at(start),
                     settings.fixedThresholds ? &settings.fixedThresholds->teacher : nullptr, teacherFactors_,
                     start, thresholds_.teacher);
}

bool Llkd::needsScores() const {
    return !alwaysZero(settings_.studentScale) || weightsNeedUncertainty(settings_);
}

void Llkd::adjust(const SelectionSettings& settings) {
    RuleBase::adjust(settings);
    teacherFactors_ = FactorsByClass(settings.teacherClassScales, population_.classNames);
    studentFactors_ = FactorsByClass(settings.studentClassScales, population_.classNames);
}

void Llkd::observe(const Batch& batch, Decision& decision) {
    if (batch.labels.empty()) {
        judge(0, decision, [](std::size_t) { return Verdict::Kept; });
        weigh(settings_, batch, decision);
        return;
    }
    const bool scored = !batch.uncertainties.empty();
    const double decay = decayOf(settings_).at(batch.place);
    const auto quantile =
        settings_.quantile ? std::optional(settings_.quantile->at(batch.place)) : std::nullopt;
    confidence_.update(batch.confidences, batch.labels, decay, quantile);
    if (scored)
        uncertainty_.update(batch.uncertainties, batch.labels, decay, quantile);
    updateThresholds(batch.place, scored);
    if (settings_.fixedRatio)
        keepShare(batch, decision);
    else
        keepAboveThresholds(batch, decision);
    weigh(settings_, batch, decision);
}

void Llkd::keepAboveThresholds(const Batch& batch, Decision& decision) const {
    const auto dataOf = [](const std::vector<double>& thresholds) {
        return thresholds.empty() ? nullptr : thresholds.data();
    };
    judge(batch.labels.size(), decision,
          [teacher = dataOf(thresholds_.teacher), student = dataOf(thresholds_.student),
           labels = batch.labels.data(), confidences = batch.confidences.data(),
           uncertainties = batch.uncertainties.data()](std::size_t i) {
              constexpr Verdict Of[] = {Verdict::Kept, Verdict::TeacherUnsure, Verdict::StudentSure,
                                        Verdict::BothRefuse};
              const auto y = labels[i];
              const bool unsure = teacher != nullptr && !atLeast(confidences[i], teacher[y]);
              const bool sure = student != nullptr && !atLeast(uncertainties[i], student[y]);
              return Of[(unsure ? 1 : 0) + (sure ? 2 : 0)];
          });
}

void Llkd::keepShare(const Batch& batch, Decision& decision) {
    const std::size_t size = batch.labels.size();
    const bool confident = settings_.teacherScale.at(batch.place) > 0;
    const bool unsure = settings_.studentScale.at(batch.place) > 0;
    const auto numbers = share_.numbers(size);
    for (std::size_t i = 0; i < size; ++i)
        numbers[i] = (confident ? batch.confidences[i] : 1.0F) * (unsure ? batch.uncertainties[i] : 1.0F);
    const SampleHash hash(population_.seed, static_cast<std::uint64_t>(batch.epoch));
    share_.keep(batch.samples, hash, shareOf(settings_.fixedRatio->at(batch.place), size),
                Verdict::NotInShare, decision);
}

void Llkd::thresholdsOf(const MovingStatistics& statistics, double scale, const Schedule* fixed,
                        const FactorsByClass& factors, const RunPlace& place,
                        std::vector<double>& out) const {
    if (!(scale > 0)) {
        out.clear(); // keeps its capacity
        return;
    }
    if (fixed != nullptr)
        out.assign(classCount(), scale * fixed->at(place));
    else
        statistics.thresholds(scale, settings_.classScaling, out);
    factors.apply(place, out);
    const Clip clip(settings_, place);
    for (auto& threshold : out)
        threshold = clip(threshold);
}

void Llkd::updateThresholds(const RunPlace& place, bool scored) {
    if (settings_.fixedRatio) {
        thresholds_.teacher.clear();
        thresholds_.student.clear();
        return;
    }
    const auto& fixed = settings_.fixedThresholds;
    thresholdsOf(confidence_, settings_.teacherScale.at(place), fixed ? &fixed->teacher : nullptr,
                 teacherFactors_, place, thresholds_.teacher);
    const double scale = settings_.studentScale.at(place);
    assert(scored || scale == 0);
    thresholdsOf(uncertainty_, scored ? scale : 0, fixed ? &fixed->student : nullptr, studentFactors_, place,
                 thresholds_.student);
}

void Llkd::addState(RuleState& state) const {
    state.entries.push_back({"confidence", confidence_.state()});
    state.entries.push_back({"uncertainty", uncertainty_.state()});
}

Result<void> Llkd::restoreOwn(const RuleState& state) {
    const auto confidence = entry(state, "confidence");
    if (!confidence)
        return fail(confidence.error());
    if (!MovingStatistics::fits(**confidence, population_.classCount))
        return damaged("confidence");
    const auto uncertainty = entry(state, "uncertainty");
    if (!uncertainty)
        return fail(uncertainty.error());
    if (!MovingStatistics::fits(**uncertainty, population_.classCount))
        return damaged("uncertainty");
    confidence_.restore(**confidence);
    uncertainty_.restore(**uncertainty);
    return {};
}

std::unique_ptr<Rule> makeLlkd(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<Llkd>(settings, population);
}

} // namespace stillroom
