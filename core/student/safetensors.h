// Weights on disk: safetensors (github huggingface/safetensors, format of its README). A header of JSON
// behind its length, then the bytes. No code is ever in it; a reader still trusts nothing before it has
// checked it.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace stillroom {

enum class TensorType { F32, F16, BF16, I64, I32, U8 };
[[nodiscard]] std::size_t bytesOf(TensorType type);

/// A tensor to be written; `data` is the caller's and is read while `write` runs.
struct TensorView {
    std::string name;
    TensorType type = TensorType::F32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> data;
};

/// Replaces `path` atomically and synced. Errors: not writable, disk full.
Result<void> writeSafetensors(const std::string& path, const std::vector<TensorView>& tensors,
                              const std::map<std::string, std::string>& metadata);

/// A file read whole into memory after its header was checked: size, offsets in bounds, no overlap or gap,
/// shape × type = bytes, no duplicate names.
class Safetensors {
  public:
    struct Tensor {
        TensorType type = TensorType::F32;
        std::vector<std::int64_t> shape;
        std::span<const std::byte> data; ///< into this object
    };

    /// Errors: missing, not safetensors, damaged (says what does not fit).
    static Result<Safetensors> read(const std::string& path);

    [[nodiscard]] const std::map<std::string, Tensor>& tensors() const { return tensors_; }
    [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return metadata_; }

  private:
    std::vector<std::byte> bytes_; // moved with the object, so that the spans stay valid
    std::map<std::string, Tensor> tensors_;
    std::map<std::string, std::string> metadata_;
};

} // namespace stillroom
