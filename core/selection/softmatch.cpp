// `softmatch`: keeps every sample, and lets those count less of which the student is less sure than usual
// (SoftMatch, arXiv 2301.10921). From the whole candidate batch, before its weights:
//
//   μ(t)  = λ μ(t−1)  + (1 − λ) · mean of max p
//   σ²(t) = λ σ²(t−1) + (1 − λ) · variance of max p      (the unbiased one; left alone for a batch of one)
//   w     = exp(−min(max p − μ, 0)² · n² / (2 σ²)),  n = 2
//
// μ starts at 1/K, σ² at 1; λ is 0.999 when none is set. As in Microsoft's Semi-supervised-learning at
// 1ef4cbe, without its distribution alignment. w is at most 1 and is not rescaled: a student that is unsure
// of a whole batch learns less from it. Where max p reaches μ (with the tolerance of atLeast) w is 1, also
// when σ² is 0. A `weight` other than uniform multiplies: w · (c^α·u^β, rescaled to mean 1). `soft_weights:
// false` leaves the Gaussian out.
#include "core/selection/rules.h"
#include "core/selection/student_tops.h"

namespace stillroom {

namespace {

constexpr double Sharpness = 2; ///< n: the weight of μ − σ is exp(−n²/2)

class SoftMatch final : public RuleBase {
  public:
    SoftMatch(const SelectionSettings& settings, const Population& population)
        : RuleBase(settings, population), mean_(1.0 / population.classCount) {}

    [[nodiscard]] bool needsScores() const override { return true; }

    void observe(const Batch& batch, Decision& decision) override {
        const std::size_t size = batch.labels.size();
        assert(batch.probabilities.size() == size * classCount());
        tops_.look(batch.probabilities, classCount());
        if (size > 0)
            updateStatistics(decayOf(settings_).at(batch.place));
        judge(size, decision, [](std::size_t) { return Verdict::Kept; });
        weigh(settings_, batch, decision);
        if (settings_.softWeights)
            soften(decision);
    }

  private:
    void updateStatistics(double decay) {
        const auto confidences = tops_.confidences();
        const auto size = static_cast<double>(confidences.size());
        double sum = 0;
        for (const float p : confidences)
            sum += p;
        const double mean = sum / size;
        double squares = 0;
        for (const float p : confidences)
            squares += (p - mean) * (p - mean);
        mean_ = decay * mean_ + (1 - decay) * mean;
        if (confidences.size() > 1)
            variance_ = decay * variance_ + (1 - decay) * squares / (size - 1);
    }

    void soften(Decision& decision) const {
        const auto confidences = tops_.confidences();
        const double steepness = -Sharpness * Sharpness / (2 * variance_);
        for (std::size_t i = 0; i < confidences.size(); ++i) {
            if (atLeast(confidences[i], mean_))
                continue;
            const double below = confidences[i] - mean_;
            decision.weights[i] =
                static_cast<float>(decision.weights[i] * std::exp(steepness * below * below));
        }
    }

    void addState(RuleState& state) const override {
        state.entries.push_back({"gaussian", {mean_, variance_}});
    }

    Result<void> restoreOwn(const RuleState& state) override {
        const auto gaussian = entry(state, "gaussian", 2);
        if (!gaussian)
            return fail(gaussian.error());
        if (!((**gaussian)[1] >= 0))
            return damaged("gaussian");
        mean_ = (**gaussian)[0];
        variance_ = (**gaussian)[1];
        return {};
    }

    StudentTops tops_;
    double mean_;         ///< μ
    double variance_ = 1; ///< σ²
};

} // namespace

std::unique_ptr<Rule> makeSoftMatch(const SelectionSettings& settings, const Population& population) {
    return std::make_unique<SoftMatch>(settings, population);
}

} // namespace stillroom
