// `teacher`: samples of which the teacher is sure. Either confidence at or above a cut, or the top ⌈ρN⌉ of
// the whole population. Teachers state few distinct confidences (GPT-4o eight of them), so that a share
// nearly always ends inside a tie: it is broken by a hash of seed and sample, and exactly ⌈ρN⌉ are kept.
#include "core/selection/rules.h"

#include <algorithm>
#include <numeric>

namespace stillroom {

namespace {

class Teacher final : public RuleBase {
  public:
    Teacher(const SelectionSettings& settings, const Population& population)
        : RuleBase(settings, population) {
        rankIfNeeded();
    }

    void observe(const Batch& batch, Decision& decision) override {
        const std::size_t size = batch.confidences.size();
        decision.keep.resize(size);
        if (settings_.ratio) {
            const std::size_t count = shareOf(settings_.ratio->at(batch.progress), order_.size());
            threshold_ = count == 0 ? 0.0 : static_cast<double>(population_.confidences[order_[count - 1]]);
            for (std::size_t i = 0; i < size; ++i)
                decision.keep[i] = rank_[batch.samples[i]] < count ? 1 : 0;
        } else {
            threshold_ = settings_.cut->at(batch.progress);
            for (std::size_t i = 0; i < size; ++i)
                decision.keep[i] = atLeast(batch.confidences[i], threshold_) ? 1 : 0;
        }
        observed_ = true;
        weigh(settings_, batch, decision);
    }

    /// The same for every class. With a share: the lowest confidence that is kept.
    [[nodiscard]] Thresholds thresholds() const override {
        if (!observed_)
            return {};
        return {std::vector<double>(static_cast<std::size_t>(population_.classCount), threshold_), {}};
    }

    [[nodiscard]] RuleState state() const override {
        RuleState state = RuleBase::state();
        state.entries.push_back({"threshold", {observed_ ? 1.0 : 0.0, threshold_}});
        return state;
    }

    Result<void> restore(const RuleState& state) override {
        if (auto known = RuleBase::restore(state); !known)
            return known;
        const auto threshold = entry(state, "threshold", 2);
        if (!threshold)
            return fail(threshold.error());
        const double value = (**threshold)[1];
        if (!std::isfinite(value))
            return damaged("threshold");
        observed_ = (**threshold)[0] != 0;
        threshold_ = value;
        return {};
    }

    void adjust(const SelectionSettings& settings) override {
        RuleBase::adjust(settings);
        rankIfNeeded();
    }

  private:
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

    std::vector<std::uint32_t> order_; ///< samples, the surest first; only with a share
    std::vector<std::uint32_t> rank_;  ///< place of a sample in `order_`
    double threshold_ = 0;
    bool observed_ = false;
};

} // namespace

std::unique_ptr<Rule> makeTeacher(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<Teacher>(settings, population);
}

} // namespace stillroom
