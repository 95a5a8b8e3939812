// `fixmatch`: samples of which the student is sure: its largest probability at or above a fixed cut, 0.95
// when none is set (FixMatch, arXiv 2001.07685). There the student's argmax also is the label; here the
// teacher's pseudo-label stays the target, and the argmax only says whose threshold it is: they are all the
// same.
#include "core/selection/rules.h"
#include "core/selection/student_tops.h"

namespace stillroom {

namespace {

class FixMatch final : public RuleBase {
  public:
    FixMatch(const SelectionSettings& settings, const Population& population)
        : RuleBase(settings, population) {}

    [[nodiscard]] bool needsScores() const override { return true; }

    void observe(const Batch& batch, Decision& decision) override {
        const std::size_t size = batch.labels.size();
        assert(batch.probabilities.size() == size * classCount());
        tops_.look(batch.probabilities, classCount());
        const double cut = cutOf(settings_).at(batch.place);
        if (size > 0)
            thresholds_.studentConfidence.assign(classCount(), cut);
        judge(size, decision, [=, confidences = tops_.confidences().data()](std::size_t i) {
            return atLeast(confidences[i], cut) ? Verdict::Kept : Verdict::StudentUnsure;
        });
        weigh(settings_, batch, decision);
    }

  private:
    StudentTops tops_;
};

} // namespace

std::unique_ptr<Rule> makeFixMatch(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<FixMatch>(settings, population);
}

} // namespace stillroom
