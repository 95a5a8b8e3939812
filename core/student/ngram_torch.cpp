// The `ngram` student with LibTorch's operators: any device, no autograd, sparse updates by index_add_.
#include "core/student/batch_loss.h"
#include "core/student/ngram_network.h"

#include <ATen/ops/embedding_bag.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/tensor.h>
#include <cstring>
#include <numeric>

namespace stillroom {

namespace {

class NgramTorchNetwork : public NgramNetworkBase {
  public:
    NgramTorchNetwork(NgramSetup setup, const std::string& device)
        : NgramNetworkBase(setup, NgramParameters::initial(
                                      static_cast<std::int64_t>(setup.texts->buckets.size()),
                                      setup.dimensions, static_cast<int>(setup.classes.size()), setup.seed)),
          device_(device) {
        parameters_.embedding = parameters_.embedding.to(device_);
        parameters_.head = parameters_.head.to(device_);
        parameters_.bias = parameters_.bias.to(device_);
    }

    void score(std::span<const std::uint32_t> rows, std::span<float> probabilities) override {
        forward(rows);
        copyOut(at::softmax(logits_, 1), probabilities);
    }

    double update(std::span<const std::uint32_t> rows, std::span<const std::uint32_t> scored,
                  const Targets& targets, double learningRate) override {
        at::Tensor hidden;
        at::Tensor logits;
        if (scored.empty()) {
            forward(rows);
            hidden = hidden_;
            logits = logits_;
        } else {
            const at::Tensor at = indices(scored);
            hidden = hidden_.index_select(0, at);
            logits = logits_.index_select(0, at);
        }
        std::vector<std::uint32_t> positions(rows.size());
        std::iota(positions.begin(), positions.end(), 0U);
        const auto count = rows.size();
        const BatchLoss loss =
            batchLoss(setup_.loss, logits, targets, positions, 1.0 / static_cast<double>(count));
        const at::Tensor& g = loss.gradient;
        const at::Tensor back = g.matmul(parameters_.head); // B×D, from the head before its step
        parameters_.head.sub_(g.t().matmul(hidden), learningRate);
        parameters_.bias.sub_(g.sum(0), learningRate);

        std::vector<std::int64_t> token;
        std::vector<std::int64_t> owner;
        std::vector<float> scale;
        for (std::size_t i = 0; i < count; ++i)
            for (const auto t : setup_.texts->tokensOf(rows[i])) {
                token.push_back(t);
                owner.push_back(static_cast<std::int64_t>(i));
                scale.push_back(scaleOf(rows[i]));
            }
        const at::Tensor spread = back.index_select(0, at::tensor(owner).to(device_))
                                      .mul(at::tensor(scale).to(device_).unsqueeze(1));
        parameters_.embedding.index_add_(0, at::tensor(token).to(device_), spread, -learningRate);
        return loss.sum / static_cast<double>(count);
    }

  private:
    [[nodiscard]] float scaleOf(std::uint32_t row) const { return ngramScale(setup_.texts->lengths[row]); }

    [[nodiscard]] at::Tensor indices(std::span<const std::uint32_t> positions) const {
        return at::tensor(std::vector<std::int64_t>(positions.begin(), positions.end())).to(device_);
    }

    void forward(std::span<const std::uint32_t> rows) {
        std::vector<std::int64_t> tokens;
        std::vector<std::int64_t> begins;
        std::vector<float> scale;
        for (const auto row : rows) {
            begins.push_back(static_cast<std::int64_t>(tokens.size()));
            scale.push_back(scaleOf(row));
            for (const auto t : setup_.texts->tokensOf(row))
                tokens.push_back(t);
        }
        constexpr std::int64_t Sum = 0;
        const at::Tensor sums =
            std::get<0>(at::embedding_bag(parameters_.embedding, at::tensor(tokens, at::kLong).to(device_),
                                          at::tensor(begins, at::kLong).to(device_), false, Sum));
        hidden_ = sums.mul(at::tensor(scale).to(device_).unsqueeze(1));
        logits_ = hidden_.matmul(parameters_.head.t()).add(parameters_.bias);
    }

    static void copyOut(const at::Tensor& from, std::span<float> to) {
        const at::Tensor here = from.cpu().contiguous();
        std::memcpy(to.data(), here.data_ptr<float>(), to.size() * sizeof(float));
    }

    at::Device device_;
    at::Tensor hidden_;
    at::Tensor logits_;
};

} // namespace

std::unique_ptr<Network> makeNgramTorchNetwork(NgramSetup setup, const std::string& device) {
    return std::make_unique<NgramTorchNetwork>(std::move(setup), device);
}

} // namespace stillroom
