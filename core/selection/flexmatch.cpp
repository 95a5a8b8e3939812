// `flexmatch`: FixMatch with a lower threshold for the classes that are learned less (FlexMatch, arXiv
// 2110.08263, "curriculum pseudo labeling"). For each of the N samples it remembers the last class of which
// the student was sure, that is, gave it at least the cut. With σ(y) samples that remember class y, and σ(−1)
// that remember none yet,
//
//   β(y) = σ(y) / max(σ(−1), max_k σ(k))       (counting the unused is the paper's warm-up)
//   τ(y) = cut · β(y) / (2 − β(y))             (its convex mapping; without class scaling: cut)
//   keep = [max p ≥ τ(argmax p)]
//
// As in Microsoft's Semi-supervised-learning at 1ef4cbe: the mask comes first, with the β of the step before;
// then those at or above the cut (not τ) enter the memory, and β follows, unless all N remember the same. β
// starts at 0, so that the first batches are kept whole. The argmax is the student's; the target stays the
// teacher's pseudo-label. `thresholds` are those of the mask.
#include "core/selection/rules.h"
#include "core/selection/student_tops.h"

#include <algorithm>

namespace stillroom {

namespace {

class FlexMatch final : public RuleBase {
  public:
    FlexMatch(const SelectionSettings& settings, const Population& population)
        : RuleBase(settings, population), memory_(population.labels.size(), NoClass),
          counts_(static_cast<std::size_t>(population.classCount)), learned_(counts_.size()),
          unused_(static_cast<std::int64_t>(memory_.size())) {}

    [[nodiscard]] bool needsScores() const override { return true; }

    void observe(const Batch& batch, Decision& decision) override {
        const std::size_t size = batch.labels.size();
        assert(batch.probabilities.size() == size * classCount());
        tops_.look(batch.probabilities, classCount());
        const double cut = cutOf(settings_).at(batch.place);
        if (size > 0)
            updateThresholds(cut);
        judge(size, decision,
              [thresholds = thresholds_.studentConfidence.data(), labels = tops_.labels().data(),
               confidences = tops_.confidences().data()](std::size_t i) {
                  return atLeast(confidences[i], thresholds[labels[i]]) ? Verdict::Kept
                                                                        : Verdict::StudentUnsure;
              });
        weigh(settings_, batch, decision);
        for (std::size_t i = 0; i < size; ++i)
            if (atLeast(tops_.confidences()[i], cut))
                remember(batch.samples[i], tops_.labels()[i]);
        if (size > 0)
            updateLearned();
    }

  private:
    static constexpr std::int32_t NoClass = -1;

    void updateThresholds(double cut) {
        auto& thresholds = thresholds_.studentConfidence;
        thresholds.resize(learned_.size());
        for (std::size_t y = 0; y < thresholds.size(); ++y)
            thresholds[y] = settings_.classScaling ? cut * learned_[y] / (2 - learned_[y]) : cut;
    }

    void remember(std::uint32_t sample, std::int32_t label) {
        std::int32_t& remembered = memory_[sample];
        if (remembered == label)
            return;
        --countOf(remembered);
        remembered = label;
        ++countOf(label);
    }

    [[nodiscard]] std::int64_t& countOf(std::int32_t label) {
        return label == NoClass ? unused_ : counts_[static_cast<std::size_t>(label)];
    }

    void updateLearned() {
        const std::int64_t largest = std::max(unused_, *std::max_element(counts_.begin(), counts_.end()));
        if (largest == static_cast<std::int64_t>(memory_.size()))
            return; // the peer's: all alike say nothing of classes
        const double one = 1.0 / static_cast<double>(largest);
        for (std::size_t y = 0; y < learned_.size(); ++y)
            learned_[y] = std::min(1.0, static_cast<double>(counts_[y]) * one);
    }

    void addState(RuleState& state) const override {
        state.entries.push_back({"memory", {memory_.begin(), memory_.end()}});
        state.entries.push_back({"learned", learned_});
    }

    Result<void> restoreOwn(const RuleState& state) override {
        const auto memory = entry(state, "memory");
        if (!memory)
            return fail(memory.error());
        if ((*memory)->size() != memory_.size())
            return otherSamples();
        for (const double label : **memory)
            if (!(label >= NoClass && label < population_.classCount && label == std::floor(label)))
                return damaged("memory");
        const auto learned = entry(state, "learned", learned_.size());
        if (!learned)
            return fail(learned.error());
        if (!std::all_of((*learned)->begin(), (*learned)->end(),
                         [](double share) { return share >= 0 && share <= 1; }))
            return damaged("learned");
        learned_ = **learned;
        std::fill(counts_.begin(), counts_.end(), 0);
        unused_ = 0;
        for (std::size_t i = 0; i < memory_.size(); ++i) {
            memory_[i] = static_cast<std::int32_t>((**memory)[i]);
            ++countOf(memory_[i]);
        }
        return {};
    }

    StudentTops tops_;
    std::vector<std::int32_t> memory_; ///< by sample: the last class of which the student was sure
    std::vector<std::int64_t> counts_; ///< by class: samples that remember it
    std::vector<double> learned_;      ///< β
    std::int64_t unused_;              ///< samples that remember none
};

} // namespace

std::unique_ptr<Rule> makeFlexMatch(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<FlexMatch>(settings, population);
}

} // namespace stillroom
