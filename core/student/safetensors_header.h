// The header of a safetensors file, checked before a byte of the tensors is looked at. Private to
// safetensors.cpp.
#pragma once

#include "core/base/result.h"
#include "core/student/safetensors.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace stillroom {

/// A header's text, with the room behind it that simdjson reads into.
class SafetensorsHeaderText {
  public:
    /// To be filled. Throws std::bad_alloc.
    explicit SafetensorsHeaderText(std::size_t size);
    [[nodiscard]] char* data() { return text_.get(); }
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    std::size_t size_;
    std::unique_ptr<char[]> text_;
};

struct SafetensorsHeader {
    static constexpr auto MetadataKey = "__metadata__";

    struct Extent {
        std::uint64_t begin = 0, end = 0;      ///< from the data's beginning
        Safetensors::Tensor* tensor = nullptr; ///< in `tensors`
        const std::string* name = nullptr;     ///< in `tensors`
    };
    std::map<std::string, Safetensors::Tensor> tensors; ///< without data yet
    std::map<std::string, std::string> metadata;
    std::vector<Extent> extents; ///< in the order of the file: one begins where the one before it ends
    std::uint64_t dataBytes = 0;

    /// Every check of `Safetensors` that needs no data; `dataBytes` are behind the header. Errors: what is
    /// wrong with the file, as a part of a sentence. Throws std::bad_alloc.
    static Result<SafetensorsHeader> read(SafetensorsHeaderText json, std::uint64_t dataBytes);
};

} // namespace stillroom
