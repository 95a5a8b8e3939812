#include "core/student/probe_network.h"

#include "core/base/random.h"
#include "core/student/batch_loss.h"
#include "core/student/encoder_file.h"
#include "core/student/network_optimizer.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <cassert>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <numeric>
#include <optional>

namespace stillroom {

namespace {

/// Of one dimension over the training rows.
struct Scale {
    std::vector<float> mean, deviation;
};

/// Standardizes in place. A dimension that never differs is left at 0.
Scale standardize(std::vector<float>& vectors, std::size_t width, std::span<const std::uint32_t> rows) {
    std::vector<double> sum(width, 0), squares(width, 0);
    for (const auto row : rows)
        for (std::size_t d = 0; d < width; ++d) {
            const double x = static_cast<double>(vectors[row * width + d]);
            sum[d] += x;
            squares[d] += x * x;
        }
    const double count = static_cast<double>(rows.size());
    Scale scale;
    for (std::size_t d = 0; d < width; ++d) {
        const double mean = sum[d] / count;
        const double deviation = std::sqrt(std::max(0.0, squares[d] / count - mean * mean));
        scale.mean.push_back(static_cast<float>(mean));
        scale.deviation.push_back(deviation > 1e-8 ? static_cast<float>(deviation) : 1.0F);
    }
    for (std::size_t i = 0; i < vectors.size(); ++i)
        vectors[i] = (vectors[i] - scale.mean[i % width]) / scale.deviation[i % width];
    return scale;
}

class ProbeNetwork : public Network {
  public:
    explicit ProbeNetwork(ProbeSetup setup)
        : setup_(std::move(setup)), device_(setup_.device), classes_(setup_.classes.size()),
          width_(static_cast<std::size_t>(setup_.folder.config.width)),
          scale_(standardize(setup_.vectors, width_, setup_.trainingRows)) {
        const auto rows = static_cast<std::int64_t>(setup_.vectors.size() / width_);
        vectors_ = at::from_blob(setup_.vectors.data(), {rows, static_cast<std::int64_t>(width_)}, at::kFloat)
                       .to(device_);
        const auto width = static_cast<std::int64_t>(width_);
        if (setup_.student.hidden > 0)
            head_.hidden = initial(setup_.student.hidden, width, std::sqrt(6.0 / static_cast<double>(width)),
                                   "probe hidden");
        const std::int64_t in = setup_.student.hidden > 0 ? setup_.student.hidden : width;
        head_.out = initial(classCount(), in, 0.02, "probe head");
        optimizer_.emplace(targets(), setup_.training.optimizer);
    }

    [[nodiscard]] int classCount() const override { return static_cast<int>(classes_); }

    void score(std::span<const std::uint32_t> rows, std::span<float> probabilities) override {
        assert(probabilities.size() == rows.size() * classes_);
        const at::NoGradGuard off;
        copyOut(at::softmax(forward(gather(rows)), 1), probabilities);
    }

    double update(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> /*scored*/,
                  const Targets& targets, double learningRate) override {
        const at::NoGradGuard off;
        const at::Tensor x = dropped(gather(rows));
        const at::Tensor logits = forward(x);
        std::vector<std::uint32_t> positions(rows.size());
        std::iota(positions.begin(), positions.end(), 0U);
        const BatchLoss loss =
            batchLoss(setup_.loss, logits, targets, positions, optimizer_->share(rows.size()));
        backward(x, loss.gradient);
        optimizer_->updateDone(learningRate);
        return loss.sum / static_cast<double>(rows.size());
    }

    void flush(double learningRate) override { optimizer_->flush(learningRate); }

    void setLoss(const LossSettings& loss) override { setup_.loss = loss; }

    /// The frozen encoder's work is not counted: it is done once, whatever the rule keeps.
    [[nodiscard]] double forwardFlops(std::span<const std::uint32_t> rows) const override {
        const auto width = static_cast<double>(width_), hidden = static_cast<double>(setup_.student.hidden);
        const auto k = static_cast<double>(classes_);
        return 2 * static_cast<double>(rows.size()) * (hidden > 0 ? hidden * (width + k) : width * k);
    }
    [[nodiscard]] double backwardFlops(std::span<const std::uint32_t> rows) const override {
        return 2 * forwardFlops(rows);
    }

    void keepAsBest() override { best_ = copyOf(head_, at::kCPU); }
    void useBest() override {
        if (!best_)
            return;
        const at::NoGradGuard off;
        const auto from = maps(*best_), to = maps(head_);
        for (std::size_t i = 0; i < to.size(); ++i) {
            to[i]->weight.copy_(from[i]->weight);
            to[i]->bias.copy_(from[i]->bias);
        }
    }

    [[nodiscard]] Result<void> save(const std::string& path, Which which) const override {
        const at::NoGradGuard off;
        assert(which == Which::Now || best_);
        auto encoder = Encoder::open(setup_.folder.path);
        if (!encoder)
            return fail(std::move(encoder.error()));
        if (encoder->config().width != setup_.folder.config.width)
            return fail(setup_.folder.path + " changed while it was in use; start the run again",
                        ErrorKind::Training);
        EncoderHead head = copyOf(which == Which::Best ? *best_ : head_, at::kCPU);
        LinearMap& first = head.hidden ? *head.hidden : head.out;
        const at::Tensor mean = at::tensor(scale_.mean), deviation = at::tensor(scale_.deviation);
        first.weight = first.weight.div(deviation);
        first.bias = first.bias.sub(first.weight.matmul(mean));
        return writeEncoderFile(path,
                                {setup_.classes, setup_.folder.tokenizer.files(), setup_.folder.length,
                                 setup_.student.pooling, std::move(head)},
                                *encoder);
    }

    /// The best head too: in its file the vectors' scale is part of it.
    void putState(TrainingState& state) const override {
        optimizer_->putState(state);
        const auto updates = static_cast<std::int64_t>(updates_);
        state.putNumbers<std::int64_t>("updates", std::span(&updates, 1));
        if (!best_)
            return;
        EncoderHead best = copyOf(*best_, at::kCPU);
        for (std::size_t i = 0; const LinearMap* map : maps(best)) {
            state.put(fmt::format("best.{}.weight", i), map->weight);
            state.put(fmt::format("best.{}.bias", i++), map->bias);
        }
    }

    [[nodiscard]] Result<void> takeState(const TrainingState& state, const std::string& best) override {
        const auto other = [] { return fail("it is of another student"); };
        const auto updates = state.numbers<std::int64_t>("updates", 1);
        if (!updates || !optimizer_->takeState(state))
            return other();
        updates_ = static_cast<std::uint64_t>(updates->front());
        if (best.empty())
            return {};
        best_ = copyOf(head_, at::kCPU); // for its shapes
        for (std::size_t i = 0; LinearMap * map : maps(*best_)) {
            const at::Tensor* weight = state.find(fmt::format("best.{}.weight", i));
            const at::Tensor* bias = state.find(fmt::format("best.{}.bias", i++));
            if (weight == nullptr || bias == nullptr || weight->sizes() != map->weight.sizes() ||
                bias->sizes() != map->bias.sizes())
                return other();
            *map = {*weight, *bias};
        }
        return {};
    }

  private:
    /// Evenly between ±bound; biases 0.
    LinearMap initial(std::int64_t out, std::int64_t in, double bound, const char* purpose) const {
        at::Tensor weight = at::empty({out, in}, at::kFloat);
        Random random(static_cast<std::uint64_t>(setup_.training.seed), purpose);
        auto* values = weight.data_ptr<float>();
        for (std::int64_t i = 0; i < weight.numel(); ++i)
            values[i] = static_cast<float>(bound * (2 * random.uniform() - 1));
        return {weight.to(device_).requires_grad_(true),
                at::zeros({out}, at::kFloat).to(device_).requires_grad_(true)};
    }

    static std::vector<LinearMap*> maps(EncoderHead& head) {
        return head.hidden ? std::vector<LinearMap*>{&*head.hidden, &head.out}
                           : std::vector<LinearMap*>{&head.out};
    }

    static EncoderHead copyOf(const EncoderHead& head, at::Device device) {
        const auto copy = [&](const LinearMap& map) {
            return LinearMap{map.weight.detach().to(device, at::kFloat, false, true),
                             map.bias.detach().to(device, at::kFloat, false, true)};
        };
        return {head.hidden ? std::optional(copy(*head.hidden)) : std::nullopt, copy(head.out)};
    }

    [[nodiscard]] std::vector<AdamWTarget> targets() {
        std::vector<AdamWTarget> all;
        if (head_.hidden) {
            all.push_back({"hidden.weight", head_.hidden->weight, 1, true});
            all.push_back({"hidden.bias", head_.hidden->bias, 1, false});
        }
        all.push_back({"head.weight", head_.out.weight, 1, true});
        all.push_back({"head.bias", head_.out.bias, 1, false});
        return all;
    }

    [[nodiscard]] at::Tensor gather(std::span<const std::uint32_t> rows) const {
        if (device_.is_cpu()) {
            at::Tensor x = at::empty({static_cast<std::int64_t>(rows.size()), vectors_.size(1)}, at::kFloat);
            auto* to = x.data_ptr<float>();
            const auto* from = vectors_.data_ptr<float>();
            for (std::size_t i = 0; i < rows.size(); ++i)
                std::memcpy(to + i * width_, from + rows[i] * width_, width_ * sizeof(float));
            return x;
        }
        const std::vector<std::int64_t> index(rows.begin(), rows.end());
        return vectors_.index_select(0, at::tensor(index).to(device_));
    }

    [[nodiscard]] at::Tensor dropped(const at::Tensor& x) {
        ++updates_;
        const double share = setup_.student.headDropout;
        if (share == 0)
            return x;
        Random random(static_cast<std::uint64_t>(setup_.training.seed), "probe dropout", updates_);
        at::Tensor kept = at::empty(x.sizes(), at::kFloat);
        auto* values = kept.data_ptr<float>();
        const auto scale = static_cast<float>(1 / (1 - share));
        for (std::int64_t i = 0; i < kept.numel(); ++i)
            values[i] = random.uniform() < share ? 0.0F : scale;
        return x.mul(kept.to(device_));
    }

    /// Logits; with a hidden layer its outputs are kept for the way back.
    [[nodiscard]] at::Tensor forward(const at::Tensor& x) {
        if (head_.hidden)
            between_ = at::relu(at::addmm(head_.hidden->bias, x, head_.hidden->weight.t()));
        return at::addmm(head_.out.bias, head_.hidden ? between_ : x, head_.out.weight.t());
    }

    /// By hand: two products are cheaper than a graph of them. `g` is the gradient of the logits.
    void backward(const at::Tensor& x, const at::Tensor& g) {
        const at::Tensor& in = head_.hidden ? between_ : x;
        add(head_.out.weight, g.t().mm(in));
        add(head_.out.bias, g.sum(0));
        if (!head_.hidden)
            return;
        const at::Tensor back = g.mm(head_.out.weight).mul(between_.gt(0));
        add(head_.hidden->weight, back.t().mm(x));
        add(head_.hidden->bias, back.sum(0));
    }

    static void add(at::Tensor& parameter, const at::Tensor& gradient) {
        at::Tensor& sum = parameter.mutable_grad();
        if (sum.defined())
            sum.add_(gradient);
        else
            sum = gradient.contiguous();
    }

    static void copyOut(const at::Tensor& from, std::span<float> to) {
        const at::Tensor here = from.cpu().contiguous();
        std::memcpy(to.data(), here.data_ptr<float>(), to.size() * sizeof(float));
    }

    ProbeSetup setup_;
    at::Device device_;
    std::size_t classes_, width_;
    Scale scale_;
    at::Tensor vectors_; ///< rows × width, standardized
    EncoderHead head_;
    std::optional<EncoderHead> best_;
    std::optional<NetworkOptimizer> optimizer_;
    at::Tensor between_;
    std::uint64_t updates_ = 0;
};

} // namespace

std::unique_ptr<Network> makeProbeNetwork(ProbeSetup setup) {
    return std::make_unique<ProbeNetwork>(std::move(setup));
}

} // namespace stillroom
