// Weights on disk: safetensors (github huggingface/safetensors, format of its README). Eight bytes of length,
// a header of JSON, then the tensors' bytes. No code is ever in it; a reader still trusts nothing before it
// has checked it.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

/// The format's types, by the format's names. Its types of 4, 6 and 8 bits (F8_E4M3, …) are not known here.
enum class TensorType { F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, BOOL };
/// Of one element.
[[nodiscard]] std::size_t bytesOf(TensorType type);
/// "F32".
[[nodiscard]] std::string_view nameOf(TensorType type);

struct SafetensorsHeader; // private to safetensors.cpp

/// A tensor to be written; `data` is the caller's and is read while `writeSafetensors` runs.
struct TensorView {
    std::string name;
    TensorType type = TensorType::F32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> data;
};

/// Those of larger elements first, so that every tensor begins at a multiple of its own: some readers ask for
/// that where a file has tensors of several types.
void sortForAlignment(std::vector<TensorView>& tensors);

/// Replaces `path` atomically and synced, with the tensors in the order given. Errors: not writable, disk
/// full; tensors that `Safetensors` would refuse to read, and then nothing is written.
Result<void> writeSafetensors(const std::string& path, const std::vector<TensorView>& tensors,
                              const std::map<std::string, std::string>& metadata);

/// A file in memory after its header was checked: its size; every name once; types known; shape × type =
/// bytes; the tensors' bytes neither overlap nor leave a gap nor end elsewhere than the file. Booleans are
/// 0 or 1. Bounds: a header of 100 MB (the reference implementation's), 100,000 tensors and as many entries
/// of metadata, names of 1,024 bytes, 64 dimensions. An entry's further keys are ignored, as the reference
/// implementation ignores them; its own keys twice, or a tensor twice, are refused.
///
/// The file is read into memory once, not mapped: of a mapped file that somebody cuts off meanwhile, the next
/// access kills the program (SIGBUS), and what was checked could be other bytes when it is used.
class Safetensors {
  public:
    struct Tensor {
        TensorType type = TensorType::F32;
        std::vector<std::int64_t> shape;
        std::span<const std::byte> data; ///< into this object; aligned only where the file aligns it: copy it
    };

    /// Errors: missing, not readable, not safetensors, damaged (says what does not fit), changed while it was
    /// read, not enough memory.
    static Result<Safetensors> read(const std::string& path);
    /// The same of a file's bytes; `shown` is how sentences call it. They are copied.
    static Result<Safetensors> parse(std::span<const std::byte> bytes, const std::string& shown);
    /// As if these had been written and read. They are copied, and names are different. Throws
    /// std::bad_alloc.
    static Safetensors of(const std::vector<TensorView>& tensors,
                          const std::map<std::string, std::string>& metadata);

    [[nodiscard]] const std::map<std::string, Tensor>& tensors() const { return tensors_; }
    [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return metadata_; }
    /// Of all tensors, in memory.
    [[nodiscard]] std::size_t bytes() const { return size_; }

  private:
    friend class SafetensorsFolder; // takes the map
    struct Free {
        void operator()(std::byte* bytes) const { ::operator delete[](bytes, std::align_val_t{Alignment}); }
    };
    static constexpr std::size_t Alignment =
        64; // of the first tensor, so that those of an aligned file are too

    /// Memory for what the header says, not yet filled.
    static Safetensors prepare(SafetensorsHeader&& header);
    [[nodiscard]] Result<void> checkBooleans() const;

    std::unique_ptr<std::byte[], Free> bytes_; // moved with the object, so that the spans stay valid
    std::size_t size_ = 0;
    std::map<std::string, Tensor> tensors_;
    std::map<std::string, std::string> metadata_;
};

} // namespace stillroom
