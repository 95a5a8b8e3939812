// `random`: exactly ⌈ρN⌉ samples, the same ones every epoch or others. A sample is in when its hash of (seed,
// epoch, sample) is among the ⌈ρN⌉ smallest, so whether it is kept does not depend on the order of the
// batches, and a larger ρ keeps what a smaller one kept.
#include "core/selection/rules.h"

#include <algorithm>

namespace stillroom {

namespace {

class RandomShare final : public RuleBase {
  public:
    RandomShare(const SelectionSettings& settings, const Population& population)
        : RuleBase(settings, population) {}

    void observe(const Batch& batch, Decision& decision) override {
        if (batch.epoch != epoch_ || stale_)
            draw(batch.epoch, batch.progress);
        decision.keep.resize(batch.samples.size());
        const SampleHash hash = hashOf(epoch_);
        for (std::size_t i = 0; i < batch.samples.size(); ++i)
            decision.keep[i] = hash(batch.samples[i]) <= cut_ ? 1 : 0;
        weigh(settings_, batch, decision);
    }

    [[nodiscard]] RuleState state() const override {
        RuleState state = RuleBase::state();
        state.entries.push_back({"samples", {static_cast<double>(population_.labels.size())}});
        // Counts below 2^53 are exact in a double; the cut, a 64-bit hash, would not be, and follows from
        // them.
        state.entries.push_back({"drawn", {static_cast<double>(epoch_), static_cast<double>(count_)}});
        return state;
    }

    Result<void> restore(const RuleState& state) override {
        if (auto known = RuleBase::restore(state); !known)
            return known;
        const auto samples = entry(state, "samples", 1);
        if (!samples)
            return fail(samples.error());
        const auto size = static_cast<double>(population_.labels.size());
        if ((**samples)[0] != size)
            return fail(
                "the checkpoint of the rule 'random' was written for another number of samples than the " +
                std::to_string(population_.labels.size()) +
                " of the data; resume it with the data it was made of");
        const auto drawn = entry(state, "drawn", 2);
        if (!drawn)
            return fail(drawn.error());
        const double epoch = (**drawn)[0];
        const double count = (**drawn)[1];
        if (!(epoch >= -1 && epoch < 0x1p53 && count >= 0 && count <= size))
            return damaged("drawn");
        epoch_ = static_cast<std::int64_t>(epoch);
        count_ = static_cast<std::size_t>(count);
        stale_ = epoch_ < 0;
        if (!stale_)
            findCut();
        return {};
    }

    void adjust(const SelectionSettings& settings) override {
        RuleBase::adjust(settings);
        stale_ = true;
    }

  private:
    [[nodiscard]] SampleHash hashOf(std::int64_t epoch) const {
        return SampleHash(population_.seed, settings_.resample ? static_cast<std::uint64_t>(epoch) : 0);
    }

    /// A scheduled share stands for a whole epoch, as it was at the epoch's first batch: within an epoch the
    /// budget is exact.
    void draw(std::int64_t epoch, double progress) {
        epoch_ = epoch;
        count_ = shareOf(settings_.ratio->at(progress), population_.labels.size());
        stale_ = false;
        findCut();
    }

    void findCut() {
        if (count_ == 0) {
            cut_ = 0;
            return;
        }
        const SampleHash hash = hashOf(epoch_);
        std::vector<std::uint64_t> hashes(population_.labels.size());
        for (std::size_t i = 0; i < hashes.size(); ++i)
            hashes[i] = hash(static_cast<std::uint32_t>(i));
        const auto last = hashes.begin() + static_cast<std::ptrdiff_t>(count_ - 1);
        std::nth_element(hashes.begin(), last, hashes.end());
        cut_ = *last;
    }

    std::int64_t epoch_ = -1; ///< of the draw that stands; −1: none yet
    std::size_t count_ = 0;
    std::uint64_t cut_ = 0; ///< the largest hash that is in
    bool stale_ = true;
};

} // namespace

std::unique_ptr<Rule> makeRandom(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<RandomShare>(settings, population);
}

} // namespace stillroom
