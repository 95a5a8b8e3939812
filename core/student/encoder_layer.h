// The arithmetic of an encoder: embeddings and one layer (Vaswani et al., arXiv 1706.03762, with the norm
// behind each half, as BERT has it).
#pragma once

#include "core/student/encoder_config.h"

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <optional>

namespace stillroom {

/// In planParameters' order; a weight is out × in.
struct LayerWeights {
    at::Tensor qkv, qkvBias; ///< 3H × H: query, key, value
    at::Tensor attention, attentionBias;
    at::Tensor attentionNorm, attentionNormBias;
    at::Tensor up, upBias;     ///< I × H
    at::Tensor down, downBias; ///< H × I
    at::Tensor norm, normBias;
};

/// Texts behind each other without padding: T rows in the place of B·L. (A batch of 32 tweets as they come is
/// half padding.)
struct PackedTexts {
    at::Tensor starts;       ///< B+1 int64, on the CPU: text b has rows starts[b] … starts[b+1] − 1
    at::Tensor places;       ///< T int64: each row's place among the B·L
    std::int64_t length = 0; ///< L
};

/// → nothing where there is no padding, or where it is not all behind the texts. `mask`: B×L bool on the CPU.
[[nodiscard]] std::optional<PackedTexts> packTexts(const at::Tensor& mask);

/// Of one pass through one layer. `mask` and `seed` as Encoder::forward takes them.
struct LayerPass {
    const EncoderConfig& config;
    at::Tensor mask;
    std::optional<std::uint64_t> seed;
    std::int64_t layer = 0;
    bool firstOnly = false;  ///< the result for the first token alone, B×1×H
    PackedTexts packed = {}; ///< with `starts`: x and the result are T×H, `mask` is for attention alone
};

/// Where a layer drops; each has masks of its own.
enum class DropoutPlace { Attention, AttentionOut, Out };

struct DropoutPlan;
/// What is dropped there, for the kernels of encoder_kernels.h. No dropout without a seed.
[[nodiscard]] DropoutPlan dropoutPlan(const LayerPass& pass, DropoutPlace place);

/// Sum of the three tables' rows, norm, dropout: B×L ids → B×L×H. `types` may be undefined.
[[nodiscard]] at::Tensor embed(const EncoderConfig& config, const at::Tensor& words,
                               const at::Tensor& positions, const at::Tensor& types, const at::Tensor& norm,
                               const at::Tensor& normBias, const at::Tensor& ids,
                               std::optional<std::uint64_t> seed);

/// B×L×H → B×L×H. By fusedLayer where that can be, else by plainLayer.
[[nodiscard]] at::Tensor encoderLayer(const at::Tensor& x, const LayerWeights& weights,
                                      const LayerPass& pass);

/// With LibTorch's operators and its autograd: any device, type and autocast. The reference that tests hold
/// the fused one against.
[[nodiscard]] at::Tensor plainLayer(const at::Tensor& x, const LayerWeights& weights, const LayerPass& pass);

/// Whether fusedLayer can: float32 on the CPU, or bfloat16 there when no gradient is asked for; no autocast.
[[nodiscard]] bool canFuse(const at::Tensor& x, const LayerWeights& weights);

/// Whether the padding is left out: where fusedLayer is used, and under autocast on the CPU. In float64
/// plainLayer stays what they are held against; on a GPU the mask would have to be waited for.
[[nodiscard]] bool canPack(const at::Tensor& x, const LayerWeights& weights);

/// With the kernels of encoder_kernels.h between the matrix products, and a backward pass written out.
[[nodiscard]] at::Tensor fusedLayer(const at::Tensor& x, const LayerWeights& weights, const LayerPass& pass);

} // namespace stillroom
