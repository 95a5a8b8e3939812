// Between the tensors of a Hugging Face file and the parameters of our encoder: names, stacking of query, key
// and value, number types.
#pragma once

#include "core/base/result.h"
#include "core/student/encoder_config.h"
#include "core/student/safetensors.h"

#include <ATen/core/Tensor.h>
#include <map>
#include <string>
#include <vector>

namespace stillroom {

/// One of our parameters, before it has a value.
struct ParameterPlan {
    std::string name; ///< ours: "layers.0.qkv.weight"
    std::vector<std::int64_t> shape;
    int depth = 0;      ///< 0 embeddings, 1 … layers
    bool decays = true; ///< weight decay is for matrices and tables, not for biases and norms
    /// Their names without prefix, stacked along the first dimension: one, or query, key and value.
    std::vector<std::string> stored;
};

/// All of them in a fixed order: word, position and type table, their norm, then layer by layer.
[[nodiscard]] std::vector<ParameterPlan> planParameters(const EncoderConfig& config);

/// The values, in the order of the plan, contiguous float32 on the CPU. Their names may be prefixed ("bert.",
/// "roberta.", "distilbert."), norms may be called gamma and beta; what is none of ours (pooler, heads,
/// position_ids) is left alone. Stored float16, bfloat16, float32 and float64 are converted.
/// Errors, one sentence that begins with `shown`: a tensor missing, of another shape (says both) or of whole
/// numbers, a number that is not finite.
Result<std::vector<at::Tensor>> readWeights(const EncoderConfig& config,
                                            const std::map<std::string, Safetensors::Tensor>& stored,
                                            const std::string& shown);

struct NamedTensor {
    std::string name;
    at::Tensor value;
};

/// `values` in the order of the plan → contiguous CPU tensors with their names, without prefix, query, key
/// and value apart. float32 and float64 stay, others become float32. Rows of ours are viewed, not copied,
/// where they can be.
[[nodiscard]] std::vector<NamedTensor> toStoredTensors(const EncoderConfig& config,
                                                       const std::vector<at::Tensor>& values);

/// For writeSafetensors; `tensors` must outlive the views. Contiguous CPU tensors of a type the format has.
[[nodiscard]] std::vector<TensorView> viewsOf(const std::vector<NamedTensor>& tensors);

} // namespace stillroom
