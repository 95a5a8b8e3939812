#include "core/student/encoder_network.h"

#include "core/base/random.h"
#include "core/student/autocast.h"
#include "core/student/batch_loss.h"
#include "core/student/encoder_batches.h"
#include "core/student/encoder_file.h"
#include "core/student/network_optimizer.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/zeros.h>
#include <c10/core/InferenceMode.h>
#include <cassert>
#include <cmath>
#include <cstring>
#include <optional>

namespace stillroom {

namespace {

/// Weights of now, or of the best epoch.
struct Weights {
    Encoder encoder;
    LinearMap head;

    [[nodiscard]] Weights copyTo(at::Device device, at::ScalarType type) const {
        const auto copy = [&](const at::Tensor& value) {
            return value.detach().to(device, type, /*non_blocking=*/false, /*copy=*/true);
        };
        return {encoder.copyTo(device, type), {copy(head.weight), copy(head.bias)}};
    }
    void copyFrom(const Weights& other) {
        const at::NoGradGuard off;
        encoder.copyFrom(other.encoder);
        head.weight.copy_(other.head.weight);
        head.bias.copy_(other.head.bias);
    }
};

class EncoderNetwork : public Network {
  public:
    EncoderNetwork(Encoder encoder, EncoderSetup setup)
        : setup_(std::move(setup)), device_(setup_.device),
          classes_(setup_.classes.size()), weights_{encoder.copyTo(device_, at::kFloat),
                                                    initialHead(encoder.config().width)} {
        weights_.encoder.setTraining(true);
        weights_.head.weight.requires_grad_(true);
        weights_.head.bias.requires_grad_(true);
        optimizer_.emplace(targets(), setup_.training.optimizer);
    }

    [[nodiscard]] int classCount() const override { return static_cast<int>(classes_); }

    void score(std::span<const std::uint32_t> rows, std::span<float> probabilities) override {
        if (setup_.training.scoring == Precision::Fp32) {
            predict(weights_, rows, probabilities);
            return;
        }
        if (!low_)
            low_.emplace(weights_.copyTo(device_, at::kBFloat16));
        else if (lowIsOld_)
            low_->copyFrom(weights_);
        lowIsOld_ = false;
        predict(*low_, rows, probabilities);
    }

    void evaluate(std::span<const std::uint32_t> rows, std::span<float> probabilities) override {
        predict(weights_, rows, probabilities);
    }

    double update(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> /*scored*/,
                  const Targets& targets, double learningRate) override {
        double loss = 0;
        for (const auto& positions : microBatches(*setup_.texts, rows, microBatch()))
            loss += backward(rows, positions, targets);
        if (optimizer_->updateDone(learningRate))
            lowIsOld_ = true;
        return loss / static_cast<double>(rows.size());
    }

    void flush(double learningRate) override {
        if (optimizer_->flush(learningRate))
            lowIsOld_ = true;
    }

    void setLoss(const LossSettings& loss) override { setup_.loss = loss; }

    [[nodiscard]] double forwardFlops(std::span<const std::uint32_t> rows) const override {
        // A multiplication and an addition for each weight of the layers and token, and for the two products
        // of the attention; look-ups, norms and softmax are left out.
        const auto& c = weights_.encoder.config();
        const auto width = static_cast<double>(c.width), layers = static_cast<double>(c.layers);
        const double perToken =
            2 * layers * (4 * width * width + 2 * width * static_cast<double>(c.intermediate));
        double sum = 0;
        for (const auto row : rows) {
            const auto length = static_cast<double>(setup_.texts->length(row));
            sum += length * perToken + 4 * layers * length * length * width;
        }
        return sum + 2 * width * static_cast<double>(classes_ * rows.size());
    }
    [[nodiscard]] double backwardFlops(std::span<const std::uint32_t> rows) const override {
        return 2 * forwardFlops(rows);
    }

    void keepAsBest() override {
        if (best_)
            best_->copyFrom(weights_);
        else
            best_.emplace(weights_.copyTo(at::kCPU, at::kFloat));
    }
    void useBest() override {
        if (!best_)
            return;
        weights_.copyFrom(*best_);
        lowIsOld_ = true;
    }

    [[nodiscard]] Result<void> save(const std::string& path, Which which) const override {
        const at::NoGradGuard off;
        assert(which == Which::Now || best_);
        const Weights& from = which == Which::Best ? *best_ : weights_;
        const auto& s = setup_.student;
        const LinearMap head{from.head.weight.detach().cpu(), from.head.bias.detach().cpu()};
        return writeEncoderFile(
            path, {setup_.classes, setup_.tokenizer.files(), setup_.length, s.pooling, {std::nullopt, head}},
            from.encoder);
    }

    void putState(TrainingState& state) const override {
        optimizer_->putState(state);
        const auto passes = static_cast<std::int64_t>(passes_);
        state.putNumbers<std::int64_t>("passes with dropout", std::span(&passes, 1));
    }

    [[nodiscard]] Result<void> takeState(const TrainingState& state, const std::string& best) override {
        if (!best.empty()) {
            const auto stored = readStudentFile(best);
            if (!stored)
                return fail(stored.error());
            auto opened = parseEncoderFile(*stored, best);
            if (!opened)
                return fail(std::move(opened.error()));
            if (opened->file.classes != setup_.classes ||
                opened->encoder.parameters().size() != weights_.encoder.parameters().size())
                return fail(best + " is of another student");
            best_.emplace(Weights{std::move(opened->encoder), std::move(opened->file.head.out)});
        }
        const auto passes = state.numbers<std::int64_t>("passes with dropout", 1);
        if (!passes || !optimizer_->takeState(state))
            return fail("it is of another student");
        passes_ = static_cast<std::uint64_t>(passes->front());
        lowIsOld_ = true;
        return {};
    }

  private:
    /// Evenly between ±0.02·√3, which has BERT's deviation of 0.02.
    [[nodiscard]] LinearMap initialHead(std::int64_t width) const {
        at::Tensor head = at::empty({classCount(), width}, at::kFloat);
        Random random(static_cast<std::uint64_t>(setup_.training.seed), "encoder head");
        auto* values = head.data_ptr<float>();
        for (std::int64_t i = 0; i < head.numel(); ++i)
            values[i] = static_cast<float>(0.02 * std::sqrt(3.0) * (2 * random.uniform() - 1));
        return {head.to(device_), at::zeros({classCount()}, at::kFloat).to(device_)};
    }

    [[nodiscard]] std::vector<AdamWTarget> targets() const {
        const auto layers = static_cast<int>(weights_.encoder.config().layers);
        const double decay = setup_.training.optimizer.layerDecay;
        std::vector<AdamWTarget> all;
        for (const auto& p : weights_.encoder.parameters())
            all.push_back({p.name, p.value, layerRateFactor(decay, layers, p.depth), p.decays});
        all.push_back({"head.weight", weights_.head.weight, 1, true});
        all.push_back({"head.bias", weights_.head.bias, 1, false});
        return all;
    }

    [[nodiscard]] std::size_t microBatch() const {
        return static_cast<std::size_t>(setup_.training.microBatch);
    }

    [[nodiscard]] EncoderInput input(std::span<const std::uint32_t> rows) const {
        return encoderInput(*setup_.texts, rows, setup_.tokenizer.padId().value_or(0), device_);
    }

    void predict(const Weights& weights, std::span<const std::uint32_t> rows,
                 std::span<float> probabilities) const {
        assert(probabilities.size() == rows.size() * classes_);
        const c10::InferenceMode inference;
        std::vector<std::uint32_t> order, batch;
        std::vector<at::Tensor> parts; // one transfer for all of them: a GPU is not waited for in between
        for (const auto& positions : microBatches(*setup_.texts, rows, microBatch())) {
            batch.clear();
            for (const auto position : positions)
                batch.push_back(rows[position]);
            order.insert(order.end(), positions.begin(), positions.end());
            const auto in = input(batch);
            const at::Tensor pooled = weights.encoder.encode(in.ids, in.mask, setup_.student.pooling);
            parts.push_back(
                at::softmax(at::linear(pooled, weights.head.weight, weights.head.bias).to(at::kFloat), 1));
        }
        const at::Tensor all = at::cat(parts).cpu().contiguous();
        const auto* from = all.data_ptr<float>();
        for (std::size_t i = 0; i < order.size(); ++i)
            std::memcpy(probabilities.data() + order[i] * classes_, from + i * classes_,
                        classes_ * sizeof(float));
    }

    /// Adds the gradient of a part of an update. Returns the sum of its samples' weighted losses.
    double backward(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> positions,
                    const Targets& targets) {
        std::vector<std::uint32_t> batch;
        for (const auto position : positions)
            batch.push_back(rows[position]);
        const auto in = input(batch);
        at::Tensor logits;
        {
            const Autocast autocast(device_, setup_.training.precision);
            const at::Tensor pooled =
                weights_.encoder.encode(in.ids, in.mask, setup_.student.pooling, nextDropout());
            logits = at::linear(dropped(pooled), weights_.head.weight, weights_.head.bias).to(at::kFloat);
        }
        const BatchLoss loss =
            batchLoss(setup_.loss, logits, targets, positions, optimizer_->share(rows.size()));
        logits.backward(loss.gradient);
        return loss.sum;
    }

    /// A seed of its own for every forward pass with dropout: the same run draws the same masks.
    Dropout nextDropout() {
        ++passes_;
        return Random(static_cast<std::uint64_t>(setup_.training.seed), "dropout", passes_).next();
    }

    [[nodiscard]] at::Tensor dropped(const at::Tensor& pooled) {
        const double share = setup_.student.headDropout;
        if (share == 0)
            return pooled;
        Random random(static_cast<std::uint64_t>(setup_.training.seed), "head dropout", passes_);
        at::Tensor kept = at::empty(pooled.sizes(), at::kFloat);
        auto* values = kept.data_ptr<float>();
        for (std::int64_t i = 0; i < kept.numel(); ++i)
            values[i] = random.uniform() < share ? 0.0F : static_cast<float>(1 / (1 - share));
        return pooled.mul(kept.to(device_));
    }

    EncoderSetup setup_;
    at::Device device_;
    std::size_t classes_;
    Weights weights_;
    std::optional<NetworkOptimizer> optimizer_;
    std::optional<Weights> low_, best_;
    bool lowIsOld_ = false;
    std::uint64_t passes_ = 0; ///< forward passes with dropout
};

} // namespace

std::unique_ptr<Network> makeEncoderNetwork(Encoder encoder, EncoderSetup setup) {
    return std::make_unique<EncoderNetwork>(std::move(encoder), std::move(setup));
}

} // namespace stillroom
