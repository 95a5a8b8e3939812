#include "core/training/trainer.h"

#include "core/base/random.h"
#include "core/selection/uncertainty.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace stillroom {

Trainer::Trainer(const SessionSpec& spec, const Samples& samples, Network& network, Rule& rule)
    : spec_(spec), samples_(samples), network_(network), rule_(rule), selection_(spec.selection),
      loss_(spec.loss), learningRate_(learningRateOf(spec.training, spec.student.kind)),
      classes_(static_cast<std::size_t>(samples.classCount)), everUsed_(samples.size(), 0),
      traces_(samples.size()) {
    const auto batch = spec.training.batch;
    stepsPerEpoch_ = (static_cast<std::int64_t>(samples.size()) + batch - 1) / batch;
    counts_.total = static_cast<std::int64_t>(samples.size());
}

void Trainer::adjust(const EditCommand& edit) {
    selection_ = edit.selection;
    loss_ = edit.loss;
    learningRate_ = edit.learningRate;
    rule_.adjust(edit.selection);
    network_.setLoss(edit.loss);
}

double Trainer::budgetSpent() const {
    const auto& stop = spec_.training.stop;
    const auto share = [](std::int64_t used, const std::optional<std::int64_t>& budget) {
        return budget ? std::min(1.0, static_cast<double>(used) / static_cast<double>(*budget)) : 0.0;
    };
    return std::max(share(counts_.gradient, stop.gradientSamples),
                    share(counts_.distinct, stop.distinctSamples));
}

std::vector<SampleTrace> Trainer::takeTraces() {
    return std::exchange(traces_, std::vector<SampleTrace>(samples_.size()));
}

void Trainer::beginEpoch() {
    const auto epoch = static_cast<std::uint64_t>(step_ / stepsPerEpoch_);
    order_.resize(samples_.size());
    std::iota(order_.begin(), order_.end(), 0U);
    // A stream of its own for each epoch: the order can be made again from seed and epoch alone.
    Random random(static_cast<std::uint64_t>(spec_.training.seed), "order", epoch);
    shuffle(order_, random);
}

void Trainer::gatherBatch() {
    const auto batch = static_cast<std::size_t>(spec_.training.batch);
    const std::size_t begin = static_cast<std::size_t>(step_ % stepsPerEpoch_) * batch;
    candidates_ = std::span(order_).subspan(begin, std::min(batch, order_.size() - begin));
    rows_.clear();
    labels_.clear();
    confidences_.clear();
    gold_.clear();
    for (const auto sample : candidates_) {
        rows_.push_back(samples_.rows[sample]);
        labels_.push_back(samples_.labels[sample]);
        confidences_.push_back(samples_.confidences[sample]);
        gold_.push_back(samples_.gold[sample]);
    }
}

void Trainer::scoreBatch() {
    const std::size_t count = candidates_.size();
    probabilities_.resize(count * classes_);
    uncertainties_.resize(count);
    losses_.resize(count);
    if (spec_.training.scoreEvery == 1)
        scoreAll();
    else
        scoreDue();
    uncertainties(selection_.uncertainty, probabilities_, samples_.classCount, labels_, uncertainties_);
    for (std::size_t i = 0; i < count; ++i) {
        const float p = probabilities_[i * classes_ + static_cast<std::size_t>(labels_[i])];
        losses_[i] = -std::log(std::max(p, std::numeric_limits<float>::min()));
    }
}

void Trainer::scoreAll() {
    network_.score(rows_, probabilities_);
    allScored_ = true;
    counts_.seen += static_cast<std::int64_t>(rows_.size());
    counts_.scoringFlops += network_.forwardFlops(rows_);
}

void Trainer::scoreDue() {
    const auto every = spec_.training.scoreEvery;
    const auto epoch = step_ / stepsPerEpoch_;
    // Which ones are due goes round, so that every epoch scores as many.
    const auto due = [&](std::uint32_t sample) { return epoch == 0 || (epoch + sample) % every == 0; };
    dueRows_.clear();
    for (std::size_t i = 0; i < candidates_.size(); ++i)
        if (due(candidates_[i]))
            dueRows_.push_back(rows_[i]);
    dueProbabilities_.resize(dueRows_.size() * classes_);
    if (!dueRows_.empty())
        network_.score(dueRows_, dueProbabilities_);
    known_.resize(samples_.size() * classes_);
    auto fresh = dueProbabilities_.begin();
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
        const auto known = known_.begin() + static_cast<std::ptrdiff_t>(candidates_[i] * classes_);
        if (due(candidates_[i])) {
            std::copy_n(fresh, classes_, known);
            fresh += static_cast<std::ptrdiff_t>(classes_);
        }
        std::copy_n(known, classes_, probabilities_.begin() + static_cast<std::ptrdiff_t>(i * classes_));
    }
    allScored_ = dueRows_.size() == candidates_.size();
    counts_.seen += static_cast<std::int64_t>(dueRows_.size());
    counts_.scoringFlops += network_.forwardFlops(dueRows_);
}

void Trainer::traceBatch() {
    studentLabels_.assign(candidates_.size(), -1);
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
        float uncertainty = std::numeric_limits<float>::quiet_NaN();
        if (scored_) {
            const auto p = std::span(probabilities_).subspan(i * classes_, classes_);
            studentLabels_[i] = static_cast<std::int32_t>(std::max_element(p.begin(), p.end()) - p.begin());
            uncertainty = uncertainties_[i];
        }
        traces_[candidates_[i]] = SampleTrace(decision_.verdicts[i], uncertainty, studentLabels_[i]);
    }
}

void Trainer::putState(TrainingState& state) const {
    network_.putState(state);
    const std::int64_t numbers[] = {step_,         counts_.seen, counts_.gradient, counts_.distinct,
                                    keptWithGold_, keptRight_};
    const double flops[] = {counts_.scoringFlops, counts_.trainingFlops};
    state.putNumbers<std::int64_t>("trainer.counts", numbers);
    state.putNumbers<double>("trainer.flops", flops);
    state.putNumbers<std::uint8_t>("trainer.used", everUsed_);
    if (!atEpochEnd()) {
        std::vector<std::int32_t> bits;
        bits.reserve(traces_.size());
        for (const auto trace : traces_)
            bits.push_back(static_cast<std::int32_t>(trace.bits));
        state.putNumbers<std::int32_t>("trainer.traces", bits);
    }
    state.putNumbers<float>("trainer.known", known_);
    if (spec_.training.packing) { // else what was kept has had its update
        std::vector<std::int32_t> samples(keptSamples_.begin(), keptSamples_.end());
        state.putNumbers<std::int32_t>("trainer.waiting", samples);
        state.putNumbers<float>("trainer.waiting weights", keptWeights_);
    }
    for (int number = 0; const auto& [name, values] : rule_.state().entries) // in their order
        state.putNumbers<double>(fmt::format("rule.{:02}.{}", number++, name), values);
}

Result<void> Trainer::takeState(const TrainingState& state, const std::string& best, bool sameRule) {
    assert(step_ == 0);
    const std::size_t n = samples_.size();
    const auto other = [] { return fail("it is of other training data"); };
    if (auto taken = network_.takeState(state, best); !taken)
        return taken;
    const auto numbers = state.numbers<std::int64_t>("trainer.counts", 6);
    const auto flops = state.numbers<double>("trainer.flops", 2);
    const auto used = state.numbers<std::uint8_t>("trainer.used", n);
    const auto known = state.numbers<float>("trainer.known");
    if (!numbers || !flops || !used || !known || (!known->empty() && known->size() != n * classes_))
        return other();
    step_ = (*numbers)[0];
    counts_.seen = (*numbers)[1];
    counts_.gradient = (*numbers)[2];
    counts_.distinct = (*numbers)[3];
    keptWithGold_ = (*numbers)[4];
    keptRight_ = (*numbers)[5];
    counts_.scoringFlops = (*flops)[0];
    counts_.trainingFlops = (*flops)[1];
    everUsed_ = *used;
    known_ = *known;
    if (step_ < 1)
        return other();
    if (!atEpochEnd()) {
        const auto bits = state.numbers<std::int32_t>("trainer.traces", n);
        if (!bits)
            return other();
        for (std::size_t i = 0; i < n; ++i)
            traces_[i].bits = static_cast<std::uint32_t>((*bits)[i]);
        beginEpoch();
    }
    if (const auto waiting = state.numbers<std::int32_t>("trainer.waiting");
        spec_.training.packing && waiting) {
        const auto weights = state.numbers<float>("trainer.waiting weights", waiting->size());
        if (!weights || std::any_of(waiting->begin(), waiting->end(), [n](std::int32_t sample) {
                return sample < 0 || static_cast<std::size_t>(sample) >= n;
            }))
            return other();
        keptSamples_.assign(waiting->begin(), waiting->end());
        keptWeights_ = *weights;
    }
    return sameRule ? takeRule(state) : Result<void>();
}

Result<void> Trainer::takeRule(const TrainingState& state) {
    RuleState memory;
    for (const auto& [name, tensor] : state.below("rule."))
        if (auto values = state.numbers<double>("rule." + name))
            memory.entries.push_back({name.substr(name.find('.') + 1), std::move(*values)});
    return rule_.restore(memory);
}

BatchEvent Trainer::lastBatch(Thresholds before) const {
    BatchEvent event;
    event.step = step_;
    event.epoch = (step_ - 1) / stepsPerEpoch_ + 1;
    event.before = std::move(before);
    event.after = rule_.thresholds();
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
        BatchEvent::Sample sample;
        sample.sample = candidates_[i];
        sample.verdict = decision_.verdicts[i];
        sample.label = labels_[i];
        sample.confidence = confidences_[i];
        sample.weight = decision_.weights[i];
        if (scored_) {
            sample.studentLabel = studentLabels_[i];
            sample.studentConfidence =
                probabilities_[i * classes_ + static_cast<std::size_t>(studentLabels_[i])];
            sample.uncertainty = uncertainties_[i];
            sample.loss = losses_[i];
        }
        event.samples.push_back(sample);
    }
    return event;
}

double Trainer::update(std::span<const std::uint32_t> samples, std::span<const std::uint32_t> scored,
                       std::span<const float> weights, double learningRate) {
    updateRows_.clear();
    updateLabels_.clear();
    for (const auto sample : samples) {
        updateRows_.push_back(samples_.rows[sample]);
        updateLabels_.push_back(samples_.labels[sample]);
        counts_.distinct += everUsed_[sample] == 0;
        everUsed_[sample] = 1;
    }
    updateTeacher_.clear();
    if (loss_.target != LossTarget::Hard) {
        updateTeacher_.resize(samples.size() * classes_);
        for (std::size_t i = 0; i < samples.size(); ++i)
            spec_.set.teacher->distribution(updateRows_[i],
                                            std::span(updateTeacher_).subspan(i * classes_, classes_));
    }
    counts_.gradient += static_cast<std::int64_t>(samples.size());
    counts_.trainingFlops += network_.backwardFlops(updateRows_);
    if (scored.empty())
        counts_.trainingFlops += network_.forwardFlops(updateRows_);
    const double loss =
        network_.update(updateRows_, scored, {updateLabels_, updateTeacher_, weights}, learningRate);
    if (!samples.empty() &&
        !std::isfinite(loss)) // from here on everything would be NaN, and look like a result
        throw std::runtime_error(fmt::format("the loss is no number any more at step {}: it diverged; "
                                             "take a smaller training.learning_rate",
                                             step_ + 1));
    return loss;
}

double Trainer::updateFromBatch(double learningRate) {
    if (positions_.empty())
        return std::numeric_limits<double>::quiet_NaN();
    return update(keptSamples_,
                  scored_ && allScored_ ? std::span<const std::uint32_t>(positions_)
                                        : std::span<const std::uint32_t>(),
                  keptWeights_, learningRate);
}

double Trainer::updateFromPacked(double learningRate) {
    const auto batch = static_cast<std::size_t>(spec_.training.batch);
    const bool flush = (step_ + 1) % stepsPerEpoch_ == 0;
    double loss = 0;
    int updates = 0;
    while (keptSamples_.size() >= batch || (flush && !keptSamples_.empty())) {
        const std::size_t count = std::min(batch, keptSamples_.size());
        loss += update(std::span(keptSamples_).first(count), {}, std::span(keptWeights_).first(count),
                       learningRate);
        ++updates;
        keptSamples_.erase(keptSamples_.begin(), keptSamples_.begin() + static_cast<std::ptrdiff_t>(count));
        keptWeights_.erase(keptWeights_.begin(), keptWeights_.begin() + static_cast<std::ptrdiff_t>(count));
    }
    return updates > 0 ? loss / updates : std::numeric_limits<double>::quiet_NaN();
}

StepSummary Trainer::step() {
    if (step_ % stepsPerEpoch_ == 0)
        beginEpoch();
    gatherBatch();
    const RunPlace place(static_cast<double>(step_), static_cast<double>(stepsPerEpoch_),
                         static_cast<double>(totalSteps()), budgetSpent());
    Batch batch;
    batch.step = step_;
    batch.epoch = step_ / stepsPerEpoch_;
    batch.place = place;
    batch.samples = candidates_;
    batch.labels = labels_;
    batch.confidences = confidences_;
    batch.gold = gold_;
    scored_ = rule_.needsScores();
    if (scored_) {
        scoreBatch();
        batch.probabilities = probabilities_;
        batch.uncertainties = uncertainties_;
        batch.losses = losses_;
    }
    rule_.observe(batch, decision_);
    traceBatch();

    StepRecord record;
    positions_.clear();
    if (!spec_.training.packing) {
        keptSamples_.clear();
        keptWeights_.clear();
    }
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
        if (!decision_.keep[i])
            continue;
        positions_.push_back(static_cast<std::uint32_t>(i));
        keptSamples_.push_back(candidates_[i]);
        keptWeights_.push_back(decision_.weights[i]);
        record.keptWithGold += gold_[i] >= 0;
        record.keptRight += gold_[i] >= 0 && gold_[i] == labels_[i];
    }
    const double rate = learningRate_.at(place);
    const double loss = spec_.training.packing ? updateFromPacked(rate) : updateFromBatch(rate);
    if ((step_ + 1) % stepsPerEpoch_ == 0)
        network_.flush(rate);

    ++step_;
    keptWithGold_ += record.keptWithGold;
    keptRight_ += record.keptRight;
    record.step = step_;
    record.candidates = static_cast<std::int32_t>(candidates_.size());
    record.kept = static_cast<std::int32_t>(positions_.size());
    record.loss = static_cast<float>(loss);
    record.learningRate = static_cast<float>(rate);
    return {record, labels_, confidences_, decision_.keep};
}

Trainer::Evaluation Trainer::evaluate(Split split) {
    constexpr std::size_t Chunk = 1024;
    const Dataset& data = *spec_.set.data;
    Evaluation evaluation;
    auto& rows = evaluation.rows;
    for (const auto row : data.rows(split))
        if (data.gold(row) != Dataset::NoLabel) {
            rows.push_back(row);
            evaluation.gold.push_back(data.gold(row));
        }
    std::vector<std::int64_t> confusion(classes_ * classes_, 0);
    std::vector<float> probabilities;
    std::vector<std::int32_t> predicted;
    std::vector<float> unsure;
    double loss = 0;
    double uncertaintySum = 0;
    for (std::size_t begin = 0; begin < rows.size(); begin += Chunk) {
        const auto chunk = std::span(rows).subspan(begin, std::min(Chunk, rows.size() - begin));
        probabilities.resize(chunk.size() * classes_);
        network_.evaluate(chunk, probabilities);
        predicted.clear();
        for (std::size_t i = 0; i < chunk.size(); ++i) {
            const auto p = std::span(probabilities).subspan(i * classes_, classes_);
            const auto gold = static_cast<std::size_t>(data.gold(chunk[i]));
            const auto best = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
            predicted.push_back(static_cast<std::int32_t>(best));
            ++confusion[gold * classes_ + best];
            loss -= std::log(std::max(static_cast<double>(p[gold]), 1e-12));
        }
        evaluation.predicted.insert(evaluation.predicted.end(), predicted.begin(), predicted.end());
        unsure.resize(chunk.size());
        uncertainties(selection_.uncertainty, probabilities, samples_.classCount, predicted, unsure);
        for (const float u : unsure)
            uncertaintySum += u;
    }
    evaluation.metrics = metricsOf(std::move(confusion), samples_.classCount);
    if (!rows.empty()) {
        evaluation.metrics.loss = loss / static_cast<double>(rows.size());
        evaluation.meanUncertainty = uncertaintySum / static_cast<double>(rows.size());
    }
    return evaluation;
}

} // namespace stillroom
