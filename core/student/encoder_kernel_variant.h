// One variant of the kernels: STILLROOM_VARIANT is its name and namespace, STILLROOM_LANES the floats of its
// vectors. Included by encoder_kernels.cpp alone, once for each.

#include "core/student/encoder_vectors.h" // first: the others build on it

#include "core/student/encoder_attention_kernels.h"
#include "core/student/encoder_row_kernels.h"

namespace stillroom::STILLROOM_VARIANT {
namespace {
void enterAddNorm(const AddNorm<float>& a, std::int64_t begin, std::int64_t end) {
    addNorm(a, begin, end);
}
void enterAddNormLow(const AddNorm<c10::BFloat16>& a, std::int64_t begin, std::int64_t end) {
    addNorm(a, begin, end);
}
void enterAddNormBackward(const AddNormBackward& a, std::int64_t begin, std::int64_t end) {
    addNormBackward(a, begin, end);
}
void enterActivation(const BiasActivation<float>& a, std::int64_t begin, std::int64_t end) {
    activation(a, begin, end);
}
void enterActivationLow(const BiasActivation<c10::BFloat16>& a, std::int64_t begin, std::int64_t end) {
    activation(a, begin, end);
}
void enterActivationBackward(const BiasActivationBackward& a, std::int64_t begin, std::int64_t end) {
    activationBackward(a, begin, end);
}
void enterAttention(const Attention<float>& a, std::int64_t begin, std::int64_t end) {
    attention(a, begin, end);
}
void enterAttentionLow(const Attention<c10::BFloat16>& a, std::int64_t begin, std::int64_t end) {
    attention(a, begin, end);
}
void enterAttentionBackward(const Attention<float>& a, const AttentionBackward& g, std::int64_t begin,
                            std::int64_t end) {
    attentionBackward(a, g, begin, end);
}
void enterDropoutFactors(const DropoutPlan& plan, std::int64_t columns, float* factors, std::int64_t begin,
                         std::int64_t end) {
    dropoutFactors(plan, columns, factors, begin, end);
}
void enterAdamW(const AdamWStep& step, float* value, const float* gradient, float* m, float* v,
                std::int64_t count) {
    adamW(step, value, gradient, m, v, count);
}
double enterSquares(const float* values, std::int64_t count) {
    return squares(values, count);
}
} // namespace
constexpr EncoderKernels kernels(const char* name) {
    return {enterAddNorm,
            enterAddNormLow,
            enterAddNormBackward,
            enterActivation,
            enterActivationLow,
            enterActivationBackward,
            enterAttention,
            enterAttentionLow,
            enterAttentionBackward,
            enterDropoutFactors,
            enterAdamW,
            enterSquares,
            name};
}
} // namespace stillroom::STILLROOM_VARIANT

#undef STILLROOM_VARIANT
#undef STILLROOM_LANES
