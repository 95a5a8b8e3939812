// `random`: exactly ⌈ρN⌉ samples, the same ones every epoch or others. A sample is in when its hash of (seed,
// epoch, sample) is among the ⌈ρN⌉ smallest, so whether it is kept does not depend on the order of the
// batches, and a larger ρ keeps what a smaller one kept.
#include "core/selection/rules.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

namespace stillroom {

namespace {

class RandomShare final : public RuleBase {
  public:
    RandomShare(const SelectionSettings& settings, const Population& population)
        : RuleBase(settings, population) {}

    void observe(const Batch& batch, Decision& decision) override {
        if (!batch.samples.empty() && (batch.epoch != epoch_ || stale_))
            draw(batch.epoch, batch.place);
        judge(batch.samples.size(), decision,
              [drawn = drawn_.data(), samples = batch.samples.data()](std::size_t i) {
                  const std::uint32_t sample = samples[i];
                  return (drawn[sample / 64] >> sample % 64 & 1U) != 0 ? Verdict::Kept : Verdict::NotDrawn;
              });
        weigh(settings_, batch, decision);
    }

    void adjust(const SelectionSettings& settings) override {
        RuleBase::adjust(settings);
        stale_ = true;
    }

  private:
    void addState(RuleState& state) const override {
        state.entries.push_back({"samples", {static_cast<double>(population_.labels.size())}});
        // Who is drawn follows from these.
        state.entries.push_back(
            {"drawn", {static_cast<double>(epoch_), static_cast<double>(count_), stale_ ? 1.0 : 0.0}});
    }

    Result<void> restoreOwn(const RuleState& state) override {
        const auto samples = entry(state, "samples", 1);
        if (!samples)
            return fail(samples.error());
        const auto size = static_cast<double>(population_.labels.size());
        if ((**samples)[0] != size)
            return otherSamples();
        const auto drawn = entry(state, "drawn", 3);
        if (!drawn)
            return fail(drawn.error());
        const double epoch = (**drawn)[0];
        const double count = (**drawn)[1];
        if (!(epoch >= -1 && epoch < 0x1p53 && count >= 0 && count <= size))
            return damaged("drawn");
        epoch_ = static_cast<std::int64_t>(epoch);
        count_ = static_cast<std::size_t>(count);
        stale_ = (**drawn)[2] != 0;
        if (epoch_ >= 0)
            markDrawn();
        return {};
    }

    [[nodiscard]] SampleHash hashOf(std::int64_t epoch) const {
        return SampleHash(population_.seed, settings_.resample ? static_cast<std::uint64_t>(epoch) : 0);
    }

    /// A scheduled share stands for a whole epoch, as it was at the epoch's first batch: within an epoch the
    /// budget is exact.
    void draw(std::int64_t epoch, const RunPlace& place) {
        epoch_ = epoch;
        count_ = shareOf(settings_.ratio->at(place), population_.labels.size());
        stale_ = false;
        markDrawn();
    }

    void markDrawn() {
        // Hashes are spread evenly, so the largest one that is in is near its share of them: only those
        // around it are put in order. Eight deviations off is never; then all are.
        const auto size = static_cast<double>(population_.labels.size());
        const double share = static_cast<double>(count_) / size;
        const double margin = 8 * std::sqrt(share * (1 - share) / size) + 1 / size;
        if (!markDrawnBetween(share - margin, share + margin))
            markDrawnBetween(0, 1);
    }

    /// False when the largest hash that is in is not between these shares of all hashes.
    bool markDrawnBetween(double low, double high) {
        constexpr double All = 0x1p64;
        const auto first = low > 0 ? static_cast<std::uint64_t>(low * All) : 0;
        const auto last =
            high < 1 ? static_cast<std::uint64_t>(high * All) : std::numeric_limits<std::uint64_t>::max();
        const SampleHash hash = hashOf(epoch_);
        const auto size = static_cast<std::uint32_t>(population_.labels.size());
        drawn_.resize(size / 64 + 1);
        around_.clear();
        std::size_t below = 0;
        for (std::uint32_t begin = 0; begin <= size; begin += 64) { // a word of the bits at a time
            std::uint64_t bits = 0;
            const std::uint32_t end = std::min(size, begin + 64);
            for (std::uint32_t sample = begin; sample < end; ++sample) {
                const std::uint64_t value = hash(sample);
                bits |= (value < first ? std::uint64_t{1} : 0) << sample % 64;
                if (value - first <= last - first)
                    around_.emplace_back(value, sample);
            }
            drawn_[begin / 64] = bits;
            below += static_cast<std::size_t>(std::popcount(bits));
        }
        if (count_ < below || count_ > below + around_.size())
            return false;
        const auto out = around_.begin() + static_cast<std::ptrdiff_t>(count_ - below);
        std::nth_element(around_.begin(), out, around_.end());
        for (auto in = around_.begin(); in != out; ++in)
            drawn_[in->second / 64] |= std::uint64_t{1} << in->second % 64;
        return true;
    }

    std::int64_t epoch_ = -1; ///< of the draw that stands; −1: none yet
    std::size_t count_ = 0;
    bool stale_ = true;
    std::vector<std::uint64_t> drawn_;                            ///< a bit for each sample
    std::vector<std::pair<std::uint64_t, std::uint32_t>> around_; ///< hashes near the largest that is in
};

} // namespace

std::unique_ptr<Rule> makeRandom(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<RandomShare>(settings, population);
}

} // namespace stillroom
