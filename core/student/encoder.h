// A pretrained transformer encoder: token ids in, hidden states out, with autograd for fine-tuning.
#pragma once

#include "core/base/pooling.h"
#include "core/base/result.h"
#include "core/student/encoder_config.h"
#include "core/student/encoder_weights.h"

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stillroom {

/// Off, or on with the seed of this one pass: the same seed gives the same masks on the same kind of device,
/// whatever the number of threads. On a CPU the masks come from a hash of (seed, place, position); on other
/// devices from that device's default generator, which is then seeded with it.
using Dropout = std::optional<std::uint64_t>;

/// Movable, not copyable (`copyTo` says where the copy is to live). One thread at a time; it uses
/// at::get_num_threads() of them inside. LibTorch's exceptions pass through. B texts, L places, H width.
class Encoder {
  public:
    struct Parameter {
        std::string name; ///< "embeddings.words", "layers.0.qkv.weight", …: ours, not Hugging Face's
        at::Tensor value; ///< a leaf; its gradient is value.grad()
        int depth = 0;    ///< 0 embeddings, 1 … layers
        bool decays = true;
    };

    /// Matrices and tables normal with deviation 0.02 (the row of the padding id zero), biases 0, norms 1.
    /// float32 on the CPU. The same numbers on every machine, but for what its cos and log round.
    static Encoder initial(const EncoderConfig& config, std::uint64_t seed);

    /// Reads config.json and the weights of a Hugging Face folder. float32 on the CPU.
    /// Errors: a file missing or damaged, everything of readEncoderConfig and readWeights.
    static Result<Encoder> open(const std::string& folder);

    /// The same from tensors that were read already; `shown` names their file in sentences.
    static Result<Encoder> fromStored(const EncoderConfig& config,
                                      const std::map<std::string, Safetensors::Tensor>& stored,
                                      const std::string& shown);

    Encoder(Encoder&&) noexcept = default;
    Encoder& operator=(Encoder&&) noexcept = default;

    [[nodiscard]] const EncoderConfig& config() const { return config_; }
    [[nodiscard]] std::vector<Parameter>& parameters() { return parameters_; }
    [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }

    /// Whether the parameters ask for gradients. Off after every way to make an encoder.
    void setTraining(bool on);

    /// Hidden states of the last layer, B×L×H. `ids`: B×L int64 on the parameters' device, each in
    /// [0, vocabulary), L ≤ maxTokens. `mask`: B×L bool, true where there is a token, at least one in a row;
    /// undefined: nothing is padding, and no work is done for it. States at padding are of no meaning.
    /// A graph is recorded where grad mode and training are on; score under c10::InferenceMode.
    [[nodiscard]] at::Tensor forward(const at::Tensor& ids, const at::Tensor& mask,
                                     Dropout dropout = {}) const;

    /// forward and pool in one, B×H. With Pooling::Cls the last layer is computed for the first token alone
    /// (it attends to all others): the same numbers but for dropout's masks, and a seventh of MiniLM's work
    /// less.
    [[nodiscard]] at::Tensor encode(const at::Tensor& ids, const at::Tensor& mask, Pooling pooling,
                                    Dropout dropout = {}) const;

    /// A copy of its own, training off. Types: float32, float64, bfloat16 (for scoring), float16 (GPU).
    [[nodiscard]] Encoder copyTo(at::Device device, at::ScalarType type) const;

    /// Takes over the values of an encoder of the same configuration, whatever its device and type, into the
    /// memory that is there: the cheap refresh of a copy that scores.
    void copyFrom(const Encoder& other);

    /// As Hugging Face names them; see toStoredTensors.
    [[nodiscard]] std::vector<NamedTensor> storedTensors() const;

    /// config.json and model.safetensors into a folder that exists. Errors: disk.
    [[nodiscard]] Result<void> save(const std::string& folder) const;

  private:
    Encoder(EncoderConfig config, std::vector<at::Tensor> values);
    [[nodiscard]] at::Tensor run(const at::Tensor& ids, const at::Tensor& mask, Dropout dropout,
                                 bool firstOnly) const;

    EncoderConfig config_;
    std::vector<Parameter> parameters_; // in the order of planParameters
};

/// B×L×H → B×H. `mask` as in Encoder::forward.
[[nodiscard]] at::Tensor pool(const at::Tensor& hidden, const at::Tensor& mask, Pooling pooling);

} // namespace stillroom
