// `small_loss`: of each batch the ⌈ρB⌉ samples with the smallest loss, which for noisy labels are the
// likelier right ones (co-teaching, arXiv 1804.06872, with one network in the place of two). The paper's
// R(T), which forgets more and more over the first epochs, is a schedule of the ratio: {from: 1, to: 0.8,
// over: 10 epochs}. Ties are broken by a hash of seed, epoch and sample. It remembers nothing and has no
// threshold.
#include "core/selection/top_share.h"

#include <algorithm>
#include <functional>

namespace stillroom {

namespace {

class SmallLoss final : public RuleBase {
  public:
    SmallLoss(const SelectionSettings& settings, const Population& population)
        : RuleBase(settings, population) {}

    [[nodiscard]] bool needsScores() const override { return true; }

    void observe(const Batch& batch, Decision& decision) override {
        const std::size_t size = batch.labels.size();
        assert(batch.losses.size() == size);
        std::transform(batch.losses.begin(), batch.losses.end(), share_.numbers(size).begin(),
                       std::negate<>());
        const SampleHash hash(population_.seed, static_cast<std::uint64_t>(batch.epoch));
        share_.keep(batch.samples, hash, shareOf(settings_.ratio->at(batch.place), size), Verdict::LossHigh,
                    decision);
        weigh(settings_, batch, decision);
    }

  private:
    TopShare share_;
};

} // namespace

std::unique_ptr<Rule> makeSmallLoss(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<SmallLoss>(settings, population);
}

} // namespace stillroom
