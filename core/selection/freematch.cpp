// `freematch`: samples of which the student is sure, by a threshold that follows how sure it is (FreeMatch,
// arXiv 2205.07246, "self-adaptive thresholding"). From the whole candidate batch, before its mask:
//
//   global     τ(t)    = λ τ(t−1)    + (1 − λ) · mean of max p        (or `quantile` of it), clipped if set
//   by class   p̃(t, y) = λ p̃(t−1, y) + (1 − λ) · mean of p(y)
//   histogram  h(t, y) = λ h(t−1, y) + (1 − λ) · share of the batch with argmax p = y
//   keep = [max p ≥ a · τ · p̃(y) / max_k p̃(k)],  y = argmax p          (without class scaling: a · τ)
//
// All start at 1/K; λ is 0.999 when none is set; a is student_scale, 0: everything passes. Update rules and
// their order as in Microsoft's Semi-supervised-learning at 1ef4cbe, whose `use_quantile` and `clip_thresh`
// are statistic: {quantile: 0.8} and clip: [0, 0.95]. The histogram decides nothing here: there it balances
// the loss, and here the target stays the teacher's pseudo-label; it is kept because it is what the student
// would have taught itself. The argmax is the student's.
#include "core/selection/moving_statistics.h"
#include "core/selection/rules.h"
#include "core/selection/student_tops.h"

#include <algorithm>

namespace stillroom {

namespace {

class FreeMatch final : public RuleBase {
  public:
    FreeMatch(const SelectionSettings& settings, const Population& population)
        : RuleBase(settings, population), global_(1.0 / population.classCount),
          probability_(static_cast<std::size_t>(population.classCount), global_), histogram_(probability_),
          sums_(probability_.size()), counts_(probability_.size()) {}

    [[nodiscard]] bool needsScores() const override { return true; }

    void observe(const Batch& batch, Decision& decision) override {
        const std::size_t size = batch.labels.size();
        assert(batch.probabilities.size() == size * classCount());
        tops_.look(batch.probabilities, classCount());
        if (size > 0) {
            updateStatistics(batch);
            updateThresholds(settings_.studentScale.at(batch.place));
        }
        const auto& thresholds = thresholds_.studentConfidence;
        judge(size, decision,
              [thresholds = thresholds.empty() ? nullptr : thresholds.data(), labels = tops_.labels().data(),
               confidences = tops_.confidences().data()](std::size_t i) {
                  const bool passes = thresholds == nullptr || atLeast(confidences[i], thresholds[labels[i]]);
                  return passes ? Verdict::Kept : Verdict::StudentUnsure;
              });
        weigh(settings_, batch, decision);
    }

  private:
    void updateStatistics(const Batch& batch) {
        const std::size_t size = batch.labels.size();
        const std::size_t classes = classCount();
        const double decay = decayOf(settings_).at(batch.place);
        const double share = (1 - decay) / static_cast<double>(size);
        if (settings_.quantile) {
            global_ =
                decay * global_ +
                (1 - decay) * quantileOf(tops_.confidences(), settings_.quantile->at(batch.place), scratch_);
        } else {
            double sum = 0;
            for (const float confidence : tops_.confidences())
                sum += confidence;
            global_ = decay * global_ + share * sum;
        }
        global_ = Clip(settings_, batch.place)(global_);

        std::fill(sums_.begin(), sums_.end(), 0.0);
        std::fill(counts_.begin(), counts_.end(), 0);
        double* const sums = sums_.data();
        const float* row = batch.probabilities.data();
        for (std::size_t i = 0; i < size; ++i, row += classes)
            for (std::size_t k = 0; k < classes; ++k)
                sums[k] += static_cast<double>(row[k]);
        for (const auto label : tops_.labels())
            ++counts_[static_cast<std::size_t>(label)];
        for (std::size_t k = 0; k < classes; ++k) {
            probability_[k] = decay * probability_[k] + share * sums[k];
            histogram_[k] = decay * histogram_[k] + share * static_cast<double>(counts_[k]);
        }
    }

    void updateThresholds(double scale) {
        auto& thresholds = thresholds_.studentConfidence;
        if (!(scale > 0)) {
            thresholds.clear(); // keeps its capacity
            return;
        }
        thresholds.assign(classCount(), scale * global_);
        const double largest = *std::max_element(probability_.begin(), probability_.end());
        if (!settings_.classScaling || !(largest > 0))
            return;
        const double level = scale * global_ / largest;
        for (std::size_t k = 0; k < thresholds.size(); ++k)
            thresholds[k] = level * probability_[k];
    }

    void addState(RuleState& state) const override {
        state.entries.push_back({"threshold", {global_}});
        state.entries.push_back({"probability", probability_});
        state.entries.push_back({"histogram", histogram_});
    }

    Result<void> restoreOwn(const RuleState& state) override {
        const auto global = entry(state, "threshold", 1);
        if (!global)
            return fail(global.error());
        const auto probability = entry(state, "probability", classCount());
        if (!probability)
            return fail(probability.error());
        const auto histogram = entry(state, "histogram", classCount());
        if (!histogram)
            return fail(histogram.error());
        global_ = (**global)[0];
        probability_ = **probability;
        histogram_ = **histogram;
        return {};
    }

    StudentTops tops_;
    double global_;                   ///< τ
    std::vector<double> probability_; ///< p̃
    std::vector<double> histogram_;   ///< h
    // of the batch under way
    std::vector<double> sums_;
    std::vector<std::int64_t> counts_;
    std::vector<std::int32_t> scratch_;
};

} // namespace

std::unique_ptr<Rule> makeFreeMatch(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<FreeMatch>(settings, population);
}

} // namespace stillroom
