// The `ngram` student in training. Two implementations of one arithmetic: our kernels on the CPU, and
// LibTorch's operators on any device, which also are the reference that the tests hold the kernels against.
#pragma once

#include "core/student/network.h"
#include "core/student/ngram_parameters.h"
#include "core/student/ngram_texts.h"

#include <ATen/core/Tensor.h>
#include <memory>

namespace stillroom {

struct NgramSetup {
    std::shared_ptr<const NgramTexts> texts;
    NgramRecipe recipe;
    std::vector<std::string> classes;
    LossSettings loss;
    int dimensions = 64;
    std::uint64_t seed = 1;
};

/// Plain SGD; an update touches only the embedding rows of what was kept. The result does not depend on the
/// number of threads (at::set_num_threads): samples are split for the forward pass, columns for the backward
/// pass, and no sum is split.
[[nodiscard]] std::unique_ptr<Network> makeNgramNetwork(NgramSetup setup);

/// The same with LibTorch's operators on `device` ("cpu", "cuda:0").
[[nodiscard]] std::unique_ptr<Network> makeNgramTorchNetwork(NgramSetup setup, const std::string& device);

/// What both share: parameters, best parameters, file, counting.
class NgramNetworkBase : public Network {
  public:
    NgramNetworkBase(NgramSetup setup, NgramParameters parameters);
    [[nodiscard]] int classCount() const override { return static_cast<int>(setup_.classes.size()); }
    [[nodiscard]] double forwardFlops(std::span<const std::uint32_t> rows) const override;
    [[nodiscard]] double backwardFlops(std::span<const std::uint32_t> rows) const override;
    void setLoss(const LossSettings& loss) override { setup_.loss = loss; }
    void keepAsBest() override;
    void useBest() override;
    [[nodiscard]] Result<void> save(const std::string& path, Which which) const override;
    void putState(TrainingState& state) const override;
    [[nodiscard]] Result<void> takeState(const TrainingState& state, const std::string& best) override;

  protected:
    NgramSetup setup_;
    NgramParameters parameters_;

  private:
    [[nodiscard]] Result<void> takeBest(const std::string& path);

    NgramParameters best_; // undefined tensors until the first keepAsBest
};

} // namespace stillroom
