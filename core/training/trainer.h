// The algorithm: candidate batches, the rule's decision, updates on what was kept, evaluation. No thread, no
// events: the session (training_session.h) drives it.
#pragma once

#include "core/engine/events.h"
#include "core/engine/session.h"
#include "core/selection/rule.h"
#include "core/student/network.h"
#include "core/training/samples.h"
#include "core/training/step_reporter.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace stillroom {

class Trainer {
  public:
    /// All three outlive it. `rule` was made for `samples`.
    Trainer(const SessionSpec& spec, const Samples& samples, Network& network, Rule& rule);

    [[nodiscard]] std::int64_t stepsPerEpoch() const { return stepsPerEpoch_; }
    [[nodiscard]] std::int64_t totalSteps() const { return stepsPerEpoch_ * spec_.training.epochs; }
    [[nodiscard]] std::int64_t stepsDone() const { return step_; }
    [[nodiscard]] bool done() const { return step_ >= totalSteps() || budgetSpent() >= 1; }
    /// Share of the budget of samples, [0, 1]; 0 when there is none.
    [[nodiscard]] double budgetSpent() const;
    [[nodiscard]] bool atEpochEnd() const { return step_ > 0 && step_ % stepsPerEpoch_ == 0; }
    [[nodiscard]] double epochsDone() const {
        return static_cast<double>(step_) / static_cast<double>(stepsPerEpoch_);
    }

    /// One candidate batch. The summary's spans are valid until the next call.
    StepSummary step();

    /// From the next batch on.
    void adjust(const EditCommand& edit);

    /// The batch of the last step; `before` are the rule's thresholds before it.
    [[nodiscard]] BatchEvent lastBatch(Thresholds before) const;
    /// What the epoch under way did with each sample so far.
    [[nodiscard]] const std::vector<SampleTrace>& traces() const { return traces_; }
    /// The same, given away; the next epoch begins with new ones.
    [[nodiscard]] std::vector<SampleTrace> takeTraces();

    /// Over the rows of a split that have gold; rows == 0 when there are none.
    struct Evaluation {
        Metrics metrics;
        double meanUncertainty = 0;
        std::vector<std::uint32_t> rows; ///< of the Dataset
        std::vector<std::int32_t> gold, predicted;
    };
    [[nodiscard]] Evaluation evaluate(Split split);

    /// Adds what the next step goes on from, the rule's memory and the network's state included.
    void putState(TrainingState& state) const;
    /// Before the first step: back to where the state was taken. `best`: the best student's file of then,
    /// empty where there was none. `sameRule`: false leaves the rule as it begins. Errors: the state is of
    /// other data or another student; training must then not go on.
    [[nodiscard]] Result<void> takeState(const TrainingState& state, const std::string& best, bool sameRule);

    [[nodiscard]] const SampleCounts& counts() const { return counts_; }
    [[nodiscard]] std::int64_t keptWithGold() const { return keptWithGold_; }
    [[nodiscard]] std::int64_t keptRight() const { return keptRight_; }

  private:
    [[nodiscard]] Result<void> takeRule(const TrainingState& state);
    void beginEpoch();
    void gatherBatch();
    void scoreBatch();
    void scoreAll();
    void scoreDue(); ///< with training.score_every: of the others what is known from before
    void traceBatch();
    double updateFromBatch(double learningRate);
    double updateFromPacked(double learningRate);
    double update(std::span<const std::uint32_t> samples, std::span<const std::uint32_t> scored,
                  std::span<const float> weights, double learningRate);

    const SessionSpec& spec_;
    const Samples& samples_;
    Network& network_;
    Rule& rule_;
    SelectionSettings selection_;
    LossSettings loss_;
    Schedule learningRate_;
    std::size_t classes_;
    std::int64_t stepsPerEpoch_;
    std::int64_t step_ = 0;
    std::vector<std::uint32_t> order_; // of this epoch, sample numbers
    SampleCounts counts_;
    std::vector<std::uint8_t> everUsed_; // by sample
    std::vector<SampleTrace> traces_;    // by sample
    std::int64_t keptWithGold_ = 0, keptRight_ = 0;

    // the candidate batch
    std::span<const std::uint32_t> candidates_;
    std::vector<std::uint32_t> rows_;
    std::vector<std::int32_t> labels_, gold_, studentLabels_;
    bool scored_ = false, allScored_ = false; ///< whether the student was asked; now, of every candidate
    std::vector<float> known_;                ///< N×K, each sample's last score; empty where all are scored
    std::vector<std::uint32_t> dueRows_;
    std::vector<float> dueProbabilities_;
    std::vector<float> confidences_, probabilities_, uncertainties_, losses_;
    Decision decision_;

    // what was kept, waiting for its update: positions in the batch, or with packing sample numbers
    std::vector<std::uint32_t> positions_, keptSamples_;
    std::vector<float> keptWeights_;
    std::vector<std::uint32_t> updateRows_;
    std::vector<std::int32_t> updateLabels_;
    std::vector<float> updateTeacher_;
};

} // namespace stillroom
