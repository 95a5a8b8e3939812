#include "core/selection/llkd.h"

#include <algorithm>

namespace stillroom {

namespace {

bool alwaysZero(const Schedule& schedule) {
    return schedule.from == 0 && (schedule.shape == ScheduleShape::Constant || schedule.to == 0);
}

void thresholdsOf(const MovingStatistics& statistics, double scale, const SelectionSettings& settings,
                  std::vector<double>& out) {
    if (scale > 0)
        statistics.thresholds(scale, settings.classScaling, settings.clipLow, settings.clipHigh, out);
    else
        out.clear(); // keeps its capacity
}

bool refused(const std::vector<double>& thresholds, std::int32_t label, float value) {
    return !thresholds.empty() && !atLeast(value, thresholds[static_cast<std::size_t>(label)]);
}

} // namespace

Llkd::Llkd(const SelectionSettings& settings, const Population& population)
    : RuleBase(settings, population), confidence_(population.classCount),
      uncertainty_(population.classCount) {
    confidence_.onlyClassesOf(population.labels);
    uncertainty_.onlyClassesOf(population.labels);
    if (settings.warmStart)
        confidence_.start(population.confidences, population.labels, settings.quantile);
    else
        confidence_.start(1.0 / population.classCount);
    if (confidence_.started())
        thresholdsOf(confidence_, settings.teacherScale.at(0), settings, thresholds_.teacher);
}

bool Llkd::needsScores() const {
    return !alwaysZero(settings_.studentScale) || weightsNeedUncertainty(settings_);
}

void Llkd::observe(const Batch& batch, Decision& decision) {
    const std::size_t size = batch.labels.size();
    decision.keep.resize(size);
    if (size > 0) {
        const bool scored = !batch.uncertainties.empty();
        const double decay = settings_.decay.at(batch.progress);
        confidence_.update(batch.confidences, batch.labels, decay, settings_.quantile);
        if (scored)
            uncertainty_.update(batch.uncertainties, batch.labels, decay, settings_.quantile);
        updateThresholds(batch.progress, scored);
        for (std::size_t i = 0; i < size; ++i) {
            const bool keep =
                !refused(thresholds_.teacher, batch.labels[i], batch.confidences[i]) &&
                (!scored || !refused(thresholds_.student, batch.labels[i], batch.uncertainties[i]));
            decision.keep[i] = keep ? 1 : 0;
        }
    }
    weigh(settings_, batch, decision);
}

void Llkd::updateThresholds(double progress, bool scored) {
    thresholdsOf(confidence_, settings_.teacherScale.at(progress), settings_, thresholds_.teacher);
    const double scale = settings_.studentScale.at(progress);
    assert(scored || scale == 0);
    thresholdsOf(uncertainty_, scored ? scale : 0, settings_, thresholds_.student);
}

RuleState Llkd::state() const {
    RuleState state = RuleBase::state();
    state.entries.push_back({"confidence", confidence_.state()});
    state.entries.push_back({"uncertainty", uncertainty_.state()});
    state.entries.push_back({"teacher_threshold", thresholds_.teacher});
    state.entries.push_back({"student_threshold", thresholds_.student});
    return state;
}

Result<void> Llkd::restore(const RuleState& state) {
    if (auto known = RuleBase::restore(state); !known)
        return known;
    const std::vector<double>* values[4] = {};
    constexpr std::string_view Names[4] = {"confidence", "uncertainty", "teacher_threshold",
                                           "student_threshold"};
    for (std::size_t i = 0; i < 4; ++i) {
        const auto found = entry(state, Names[i]);
        if (!found)
            return fail(found.error());
        values[i] = *found;
        const bool good =
            i < 2 ? MovingStatistics::fits(**found, population_.classCount)
                  : (*found)->empty() || (*found)->size() == static_cast<std::size_t>(population_.classCount);
        if (!good)
            return damaged(Names[i]);
    }
    confidence_.restore(*values[0]);
    uncertainty_.restore(*values[1]);
    thresholds_.teacher = *values[2];
    thresholds_.student = *values[3];
    return {};
}

std::unique_ptr<Rule> makeLlkd(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<Llkd>(settings, population);
}

} // namespace stillroom
