// `oracle`: the samples whose pseudo-label is right. Needs gold, so it is no method but an upper bound.
#include "core/selection/rules.h"

namespace stillroom {

namespace {

class Oracle final : public RuleBase {
  public:
    Oracle(const SelectionSettings& settings, const Population& population)
        : RuleBase(settings, population) {}

    void observe(const Batch& batch, Decision& decision) override {
        assert(batch.gold.size() == batch.labels.size());
        judge(batch.labels.size(), decision,
              [gold = batch.gold.data(), labels = batch.labels.data()](std::size_t i) {
                  const Verdict wrong = gold[i] < 0 ? Verdict::NoGold : Verdict::LabelWrong;
                  return gold[i] == labels[i] ? Verdict::Kept : wrong;
              });
        weigh(settings_, batch, decision);
    }
};

} // namespace

std::unique_ptr<Rule> makeOracle(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<Oracle>(settings, population);
}

} // namespace stillroom
