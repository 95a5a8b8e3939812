// `all`: every sample, every time.
#include "core/selection/rules.h"

namespace stillroom {

namespace {

class All final : public RuleBase {
  public:
    All(const SelectionSettings& settings, const Population& population) : RuleBase(settings, population) {}

    void observe(const Batch& batch, Decision& decision) override {
        judge(batch.labels.size(), decision, [](std::size_t) { return Verdict::Kept; });
        weigh(settings_, batch, decision);
    }
};

} // namespace

std::unique_ptr<Rule> makeAll(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<All>(settings, population);
}

} // namespace stillroom
