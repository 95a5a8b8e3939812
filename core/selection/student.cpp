// `student`: samples of which the student is unsure, whatever the teacher says: uncertainty sampling (Lewis
// and Gale, SIGIR 1994). Either uncertainty at or above a cut, or the top ⌈ρB⌉ of each batch, ties broken by
// a hash of seed, epoch and sample.
//
// With a cut, the threshold of pseudo-label y is min(1, cut · f(y)), f being student_class_scales. With a
// share, all classes have the lowest uncertainty that is kept.
#include "core/selection/class_factors.h"
#include "core/selection/top_share.h"

#include <algorithm>

namespace stillroom {

namespace {

class Student final : public RuleBase {
  public:
    Student(const SelectionSettings& settings, const Population& population)
        : RuleBase(settings, population), factors_(settings.studentClassScales, population.classNames) {}

    [[nodiscard]] bool needsScores() const override { return true; }

    void observe(const Batch& batch, Decision& decision) override {
        assert(batch.uncertainties.size() == batch.labels.size());
        if (settings_.ratio)
            keepShare(batch, decision);
        else
            keepAboveCut(batch, decision);
        weigh(settings_, batch, decision);
    }

    void adjust(const SelectionSettings& settings) override {
        RuleBase::adjust(settings);
        factors_ = FactorsByClass(settings.studentClassScales, population_.classNames);
    }

  private:
    void keepShare(const Batch& batch, Decision& decision) {
        const std::size_t size = batch.labels.size();
        std::copy(batch.uncertainties.begin(), batch.uncertainties.end(), share_.numbers(size).begin());
        const SampleHash hash(population_.seed, static_cast<std::uint64_t>(batch.epoch));
        const float lowest = share_.keep(batch.samples, hash, shareOf(settings_.ratio->at(batch.place), size),
                                         Verdict::NotInShare, decision);
        if (size > 0)
            thresholds_.student.assign(classCount(), static_cast<double>(lowest));
    }

    void keepAboveCut(const Batch& batch, Decision& decision) {
        if (!batch.labels.empty())
            factors_.cut(settings_.cut->at(batch.place), batch.place, classCount(), thresholds_.student);
        judge(batch.labels.size(), decision,
              [thresholds = thresholds_.student.data(), labels = batch.labels.data(),
               uncertainties = batch.uncertainties.data()](std::size_t i) {
                  return atLeast(uncertainties[i], thresholds[labels[i]]) ? Verdict::Kept
                                                                          : Verdict::StudentSure;
              });
    }

    FactorsByClass factors_;
    TopShare share_;
};

} // namespace

std::unique_ptr<Rule> makeStudent(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<Student>(settings, population);
}

} // namespace stillroom
