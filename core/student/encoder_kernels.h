// What the encoder does on a CPU between its matrix products, each a single pass over memory: bias, dropout,
// residual and norm in one; bias and activation in one; attention without a B×heads×L×L tensor. Forward for
// float and bfloat16 (arithmetic in float), backward for float; and the optimizer's step. Chosen at run time
// for the processor.
#pragma once

#include "core/student/encoder_config.h"

#include <c10/util/BFloat16.h>
#include <cstdint>
#include <span>

namespace stillroom {

/// Which elements of a rows × columns matrix dropout keeps, and by how much they grow. The same for every
/// processor and number of threads: element (r, c) is kept when hash(key, r, c) ≥ share · 2^32.
struct DropoutPlan {
    double share = 0; ///< 0: nothing is dropped
    std::uint64_t key = 0;
};

/// out = norm(residual + dropout(x + bias)) · gamma + beta, row by row (Ba et al., arXiv 1607.06450).
template <class T>
struct AddNorm {
    std::int64_t columns = 0;
    const T* x = nullptr; ///< rows × columns
    const T* bias = nullptr;
    const T* residual = nullptr;
    std::int64_t residualStride = 0;      ///< between its rows
    const std::int64_t* places = nullptr; ///< rows: dropout's row of each; null: its own number
    const T* gamma = nullptr;
    const T* beta = nullptr;
    float epsilon = 0;
    DropoutPlan dropout;
    T* out = nullptr;
    // For the backward pass, else null.
    T* sum = nullptr;            ///< what was normalised; may be x
    float* deviations = nullptr; ///< rows: 1/√(variance + epsilon)
    float* means = nullptr;      ///< rows
};

struct AddNormBackward {
    std::int64_t columns = 0;
    const float* gradient = nullptr; ///< of out
    const float* sum = nullptr;
    const float* means = nullptr;
    const float* deviations = nullptr;
    const float* gamma = nullptr;
    const std::int64_t* places = nullptr; ///< as in AddNorm
    DropoutPlan dropout;
    float* residualGradient = nullptr; ///< rows × columns; may be `gradient`
    float* xGradient = nullptr;        ///< behind the dropout; null without one: it is residualGradient
    float* sums = nullptr; ///< 3 × columns, added to: gradients of gamma, beta, bias over these rows
};

/// out = activation(x + bias); out may be x.
template <class T>
struct BiasActivation {
    Activation activation = Activation::Gelu;
    std::int64_t columns = 0;
    const T* x = nullptr;
    const T* bias = nullptr;
    T* out = nullptr;
};

struct BiasActivationBackward {
    Activation activation = Activation::Gelu;
    std::int64_t columns = 0;
    const float* x = nullptr;
    const float* bias = nullptr;
    float* gradient = nullptr; ///< of out; becomes that of x
    float* sums = nullptr;     ///< columns, added to: gradient of bias over these rows
};

/// Where heads' queries, keys and values lie: text b, place l, head h begins at b·batch + l·row + h·width.
/// With `starts` the texts lie behind each other without padding: at (starts[b] + l)·row + h·width.
template <class T>
struct HeadRows {
    T* data = nullptr;
    std::int64_t batch = 0, row = 0;
    const std::int64_t* starts = nullptr;
    [[nodiscard]] T* at(std::int64_t b, std::int64_t place, std::int64_t column) const {
        return data + (starts != nullptr ? starts[b] * row : b * batch) + place * row + column;
    }
};

/// out = dropout(softmax((q + bq)(k + bk)ᵀ/√width + mask)) (v + bv) for each text and head (Vaswani et al.,
/// arXiv 1706.03762). The backward pass makes the scores again instead of storing them (Dao et al., arXiv
/// 2205.14135).
template <class T>
struct Attention {
    std::int64_t heads = 0, width = 0;  ///< width of a head
    std::int64_t queries = 0, keys = 0; ///< with padding; a single query: the first place's
    HeadRows<const T> q, k, v;
    const T* bias = nullptr;    ///< 3 × heads·width: of q, k and v
    const bool* mask = nullptr; ///< texts × keys, false at padding; null: none
    /// texts + 1: text b has starts[b+1] − starts[b] keys, and so many queries or one; null: `keys`,
    /// `queries`.
    const std::int64_t* starts = nullptr;
    DropoutPlan dropout; ///< rows: (text, head, query); columns: keys
    HeadRows<T> out;
    float* logSums = nullptr; ///< texts × heads × queries, for the backward pass, else null
};

struct AttentionBackward {
    HeadRows<const float> gradient; ///< of out
    HeadRows<float> q, k, v;        ///< gradients, written
    float* sums = nullptr;          ///< texts × 3 × heads·width: gradients of the biases, written
};

/// Numbers of one AdamW step; the formulas are in adamw.h.
struct AdamWStep {
    float decay; ///< the parameter is multiplied by it
    float rate;  ///< η/(1−β₁ᵗ)
    float root;  ///< 1/√(1−β₂ᵗ)
    float epsilon;
    float beta1, rest1; ///< rest: 1 − beta
    float beta2, rest2;
    float scale; ///< of the gradient
};

/// Rows [begin, end); of attention, heads: text · heads + head.
struct EncoderKernels {
    void (*addNorm)(const AddNorm<float>&, std::int64_t begin, std::int64_t end);
    void (*addNormLow)(const AddNorm<c10::BFloat16>&, std::int64_t begin, std::int64_t end);
    void (*addNormBackward)(const AddNormBackward&, std::int64_t begin, std::int64_t end);
    void (*activation)(const BiasActivation<float>&, std::int64_t begin, std::int64_t end);
    void (*activationLow)(const BiasActivation<c10::BFloat16>&, std::int64_t begin, std::int64_t end);
    void (*activationBackward)(const BiasActivationBackward&, std::int64_t begin, std::int64_t end);
    void (*attention)(const Attention<float>&, std::int64_t begin, std::int64_t end);
    void (*attentionLow)(const Attention<c10::BFloat16>&, std::int64_t begin, std::int64_t end);
    void (*attentionBackward)(const Attention<float>&, const AttentionBackward&, std::int64_t begin,
                              std::int64_t end);
    /// The factors themselves: 0, or 1/(1 − share).
    void (*dropoutFactors)(const DropoutPlan&, std::int64_t columns, float* factors, std::int64_t begin,
                           std::int64_t end);
    void (*adamW)(const AdamWStep&, float* value, const float* gradient, float* m, float* v,
                  std::int64_t count);
    double (*squares)(const float* values, std::int64_t count); ///< their sum
    const char* name;                                           ///< "avx512", "avx2", "portable"
};

/// The best for this processor.
[[nodiscard]] const EncoderKernels& encoderKernels();
/// Every variant this processor can run: tests hold them against each other.
[[nodiscard]] std::span<const EncoderKernels> allEncoderKernels();

} // namespace stillroom
