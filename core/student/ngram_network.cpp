#include "core/student/ngram_network.h"

#include "core/base/dot_product.h"
#include "core/student/loss.h"
#include "core/student/ngram_kernels.h"

#include <ATen/Parallel.h>
#include <ATen/ops/zeros.h>
#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>

namespace stillroom {

NgramNetworkBase::NgramNetworkBase(NgramSetup setup, NgramParameters parameters)
    : setup_(std::move(setup)), parameters_(std::move(parameters)) {}

double NgramNetworkBase::forwardFlops(std::span<const std::uint32_t> rows) const {
    double additions = 0;
    for (const auto row : rows)
        additions += static_cast<double>(setup_.texts->tokensOf(row).size());
    const double d = setup_.dimensions;
    return d * additions + 2 * d * classCount() * static_cast<double>(rows.size());
}

double NgramNetworkBase::backwardFlops(std::span<const std::uint32_t> rows) const {
    // Scatter costs what the gather did; the head's two products twice what its forward product did.
    const double d = setup_.dimensions;
    return forwardFlops(rows) + 2 * d * classCount() * static_cast<double>(rows.size());
}

void NgramNetworkBase::keepAsBest() {
    if (best_.head.defined())
        best_.copyFrom(parameters_);
    else
        best_ = parameters_.clone();
}

void NgramNetworkBase::useBest() {
    if (best_.head.defined())
        parameters_.copyFrom(best_);
}

Result<void> NgramNetworkBase::save(const std::string& path, Which which) const {
    const NgramParameters& from = which == Which::Best ? best_ : parameters_;
    assert(from.head.defined());
    const NgramParameters onCpu = {from.embedding.cpu(), from.head.cpu(), from.bias.cpu()};
    return writeNgramFile(path, {setup_.recipe, setup_.classes, setup_.texts->buckets, onCpu});
}

void NgramNetworkBase::putState(TrainingState& state) const {
    const at::Tensor embedding = parameters_.embedding.cpu();
    const NgramRows rows = rowsInUse(embedding);
    state.putNumbers<std::int64_t>("weights.rows", rows.numbers);
    state.put("weights.embedding", rows.values);
    state.put("weights.head", parameters_.head);
    state.put("weights.bias", parameters_.bias);
}

Result<void> NgramNetworkBase::takeState(const TrainingState& state, const std::string& best) {
    const auto other = [] { return fail("it is of another student"); };
    if (!best.empty())
        if (auto taken = takeBest(best); !taken)
            return taken;
    const auto rows = state.numbers<std::int64_t>("weights.rows");
    const auto* values = state.find("weights.embedding");
    const auto* head = state.find("weights.head");
    const auto* bias = state.find("weights.bias");
    at::Tensor embedding = at::zeros(parameters_.embedding.sizes(), at::kFloat);
    if (!rows || values == nullptr || head == nullptr || bias == nullptr ||
        head->sizes() != parameters_.head.sizes() || bias->sizes() != parameters_.bias.sizes() ||
        !putRows({*rows, *values}, embedding))
        return other();
    parameters_.copyFrom({embedding, *head, *bias});
    return {};
}

Result<void> NgramNetworkBase::takeBest(const std::string& path) {
    auto file = readNgramFile(path);
    if (!file)
        return fail(std::move(file.error()));
    // The file has those rows of ours that are not zero, in our order.
    NgramRows rows;
    std::size_t row = 0;
    for (const auto bucket : file->buckets) {
        while (row < setup_.texts->buckets.size() && setup_.texts->buckets[row] != bucket)
            ++row;
        rows.numbers.push_back(static_cast<std::int64_t>(row++));
    }
    rows.values = file->parameters.embedding;
    at::Tensor embedding = at::zeros(parameters_.embedding.sizes(), at::kFloat);
    if (file->parameters.head.sizes() != parameters_.head.sizes() || !putRows(rows, embedding))
        return fail(path + " is of another student");
    const at::Device device = parameters_.embedding.device();
    best_ = {embedding.to(device), file->parameters.head.to(device), file->parameters.bias.to(device)};
    return {};
}

namespace {

class NgramNetwork : public NgramNetworkBase {
  public:
    explicit NgramNetwork(NgramSetup setup)
        : NgramNetworkBase(setup, NgramParameters::initial(
                                      static_cast<std::int64_t>(setup.texts->buckets.size()),
                                      setup.dimensions, static_cast<int>(setup.classes.size()), setup.seed)),
          classes_(setup_.classes.size()), width_(static_cast<std::size_t>(setup_.dimensions)) {}

    void score(std::span<const std::uint32_t> rows, std::span<float> probabilities) override {
        assert(probabilities.size() == rows.size() * classes_);
        forward(rows, hidden_, logits_);
        std::memcpy(probabilities.data(), logits_.data(), logits_.size() * sizeof(float));
        for (std::size_t i = 0; i < rows.size(); ++i)
            softmax(probabilities.subspan(i * classes_, classes_));
    }

    double update(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> scored,
                  const Targets& targets, double learningRate) override {
        const std::size_t count = rows.size();
        if (scored.empty())
            forward(rows, hidden_, logits_);
        const auto position = [&](std::size_t i) { return scored.empty() ? i : scored[i]; };

        gradients_.resize(count * classes_);
        double lossSum = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::span z(logits_.data() + position(i) * classes_, classes_);
            probabilities_.assign(z.begin(), z.end());
            softmax(probabilities_);
            const std::span gradient(gradients_.data() + i * classes_, classes_);
            const auto q =
                targets.teacher.empty() ? targets.teacher : targets.teacher.subspan(i * classes_, classes_);
            const float weight = targets.weights[i];
            lossSum += static_cast<double>(weight) *
                       lossAndGradient(setup_.loss, z, probabilities_, targets.labels[i], q, gradient);
            for (float& g : gradient)
                g *= weight / static_cast<float>(count);
        }
        backward(rows, scored, static_cast<float>(learningRate));
        return lossSum / static_cast<double>(count);
    }

  private:
    [[nodiscard]] float scaleOf(std::uint32_t row) const { return ngramScale(setup_.texts->lengths[row]); }

    void forward(std::span<const std::uint32_t> rows, std::vector<float>& hidden,
                 std::vector<float>& logits) {
        hidden.resize(rows.size() * width_);
        logits.resize(rows.size() * classes_);
        const auto* embedding = parameters_.embedding.data_ptr<float>();
        const auto* head = parameters_.head.data_ptr<float>();
        const auto* bias = parameters_.bias.data_ptr<float>();
        const Columns columns{setup_.dimensions, 0, setup_.dimensions};
        at::parallel_for(
            0, static_cast<std::int64_t>(rows.size()), worthSharing(rows) ? SamplesAThread : Everything,
            [&](std::int64_t begin, std::int64_t end) {
                for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
                    float* h = hidden.data() + i * width_;
                    kernels_.gather(embedding, columns, setup_.texts->tokensOf(rows[i]), scaleOf(rows[i]), h);
                    for (std::size_t k = 0; k < classes_; ++k)
                        logits[i * classes_ + k] = bias[k] + dotProduct(head + k * width_, h, width_);
                }
            });
    }

    /// Everything behind the logits' gradients, split by columns: a column of the embedding needs only its
    /// own column of the head, so that threads never write to the same place.
    void backward(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> scored, float rate) {
        auto* embedding = parameters_.embedding.data_ptr<float>();
        auto* head = parameters_.head.data_ptr<float>();
        auto* bias = parameters_.bias.data_ptr<float>();
        deltas_.resize(rows.size() * width_);
        at::parallel_for(0, setup_.dimensions, worthSharing(rows) ? ColumnsAThread : Everything,
                         [&](std::int64_t begin, std::int64_t end) {
                             const Columns columns{setup_.dimensions, begin, end};
                             for (std::size_t i = 0; i < rows.size(); ++i) {
                                 float* delta = deltas_.data() + i * width_;
                                 std::fill(delta + begin, delta + end, 0.0F);
                                 const float scale = -rate * scaleOf(rows[i]);
                                 for (std::size_t k = 0; k < classes_; ++k) {
                                     const float g = scale * gradients_[i * classes_ + k];
                                     const float* from = head + k * width_;
                                     for (std::int64_t c = begin; c < end; ++c)
                                         delta[c] += g * from[c];
                                 }
                             }
                             for (std::size_t i = 0; i < rows.size(); ++i) {
                                 const float* h = hidden_.data() + (scored.empty() ? i : scored[i]) * width_;
                                 for (std::size_t k = 0; k < classes_; ++k) {
                                     const float g = rate * gradients_[i * classes_ + k];
                                     float* to = head + k * width_;
                                     for (std::int64_t c = begin; c < end; ++c)
                                         to[c] -= g * h[c];
                                 }
                             }
                             for (std::size_t i = 0; i < rows.size(); ++i)
                                 kernels_.scatter(embedding, columns, setup_.texts->tokensOf(rows[i]),
                                                  deltas_.data() + i * width_);
                         });
        for (std::size_t i = 0; i < rows.size(); ++i)
            for (std::size_t k = 0; k < classes_; ++k)
                bias[k] -= rate * gradients_[i * classes_ + k];
    }

    /// Threads that meet twice a step cost more than they share while a step is small: with batches of 64 two
    /// threads were no faster than one on a quiet machine and a hundred times slower on a busy one, where
    /// each waits for the other to be given a core. So small steps are one thread's.
    [[nodiscard]] bool worthSharing(std::span<const std::uint32_t> rows) const {
        constexpr std::size_t Enough = 1'000'000; // numbers to add: about 200 µs
        std::size_t tokens = 0;
        for (const auto row : rows)
            tokens += setup_.texts->lengths[row];
        return tokens * width_ >= Enough;
    }

    static constexpr std::int64_t Everything = std::numeric_limits<std::int64_t>::max();
    static constexpr std::int64_t SamplesAThread = 8;
    static constexpr std::int64_t ColumnsAThread = 16; // a cache line

    const NgramKernels& kernels_ = ngramKernels();
    std::size_t classes_;
    std::size_t width_;
    std::vector<float> hidden_; // of the last forward pass
    std::vector<float> logits_;
    std::vector<float> probabilities_;
    std::vector<float> gradients_;
    std::vector<float> deltas_;
};

} // namespace

std::unique_ptr<Network> makeNgramNetwork(NgramSetup setup) {
    return std::make_unique<NgramNetwork>(std::move(setup));
}

} // namespace stillroom
