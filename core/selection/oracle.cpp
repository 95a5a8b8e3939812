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
        decision.keep.resize(batch.labels.size());
        for (std::size_t i = 0; i < batch.labels.size(); ++i)
            decision.keep[i] = batch.gold[i] == batch.labels[i] ? 1 : 0;
        weigh(settings_, batch, decision);
    }
};

} // namespace

std::unique_ptr<Rule> makeOracle(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<Oracle>(settings, population);
}

} // namespace stillroom
