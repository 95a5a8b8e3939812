// `teacher`: samples of which the teacher is sure. Either confidence at or above a cut, or the top ⌈ρN⌉ of
// the whole population. Teachers state few distinct confidences (GPT-4o eight of them), so that a share
// nearly always ends inside a tie: it is broken by a hash of seed and sample, and exactly ⌈ρN⌉ are kept.
//
// With a cut, the threshold of class y is min(1, cut · f(y)), f being teacher_class_scales. With a share, all
// classes have the lowest confidence that is kept.
#include "core/selection/class_factors.h"
#include "core/selection/rules.h"

#include <algorithm>
#include <numeric>

namespace stillroom {

namespace {

class Teacher final : public RuleBase {
  public:
    Teacher(const SelectionSettings& settings, const Population& population)
        : RuleBase(settings, population), factors_(settings.teacherClassScales, population.classNames) {
        rankIfNeeded();
    }

    void observe(const Batch& batch, Decision& decision) override {
        if (settings_.ratio)
            keepShare(batch, decision);
        else
            keepAboveCut(batch, decision);
        weigh(settings_, batch, decision);
    }

    void adjust(const SelectionSettings& settings) override {
        RuleBase::adjust(settings);
        factors_ = FactorsByClass(settings.teacherClassScales, population_.classNames);
        rankIfNeeded();
    }

  private:
    void keepShare(const Batch& batch, Decision& decision) {
        const std::size_t count = shareOf(settings_.ratio->at(batch.place), order_.size());
        if (count > 0 && !batch.labels.empty())
            thresholds_.teacher.assign(classCount(),
                                       static_cast<double>(population_.confidences[order_[count - 1]]));
        judge(batch.labels.size(), decision,
              [=, rank = rank_.data(), samples = batch.samples.data()](std::size_t i) {
                  return rank[samples[i]] < count ? Verdict::Kept : Verdict::NotInShare;
              });
    }

    void keepAboveCut(const Batch& batch, Decision& decision) {
        if (!batch.labels.empty())
            factors_.cut(settings_.cut->at(batch.place), batch.place, classCount(), thresholds_.teacher);
        judge(batch.labels.size(), decision,
              [thresholds = thresholds_.teacher.data(), labels = batch.labels.data(),
               confidences = batch.confidences.data()](std::size_t i) {
                  return atLeast(confidences[i], thresholds[labels[i]]) ? Verdict::Kept
                                                                        : Verdict::TeacherUnsure;
              });
    }

    void rankIfNeeded() {
        if (!settings_.ratio || order_.size() == population_.confidences.size())
            return;
        const SampleHash hash(population_.seed);
        const auto confidences = population_.confidences;
        order_.resize(confidences.size());
        std::iota(order_.begin(), order_.end(), 0U);
        std::sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
            if (confidences[a] != confidences[b])
                return confidences[a] > confidences[b];
            return hash(a) < hash(b);
        });
        rank_.resize(order_.size());
        for (std::size_t i = 0; i < order_.size(); ++i)
            rank_[order_[i]] = static_cast<std::uint32_t>(i);
    }

    FactorsByClass factors_;
    std::vector<std::uint32_t> order_; ///< samples, the surest first; only with a share
    std::vector<std::uint32_t> rank_;  ///< place of a sample in `order_`
};

} // namespace

std::unique_ptr<Rule> makeTeacher(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<Teacher>(settings, population);
}

} // namespace stillroom
