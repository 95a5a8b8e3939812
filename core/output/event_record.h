// The records of TensorBoard's event files, as bytes. Each is framed as TFRecord has it, all little-endian
// (tensorflow/core/lib/io/record_writer.h and tensorflow/core/lib/hash/crc32c.h):
//
//   u64 length, u32 masked CRC-32C of the length, the data, u32 masked CRC-32C of the data
//
// The data are a protobuf message Event; what is used of it, with the numbers of its fields
// (tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto, the same in
// tensorboard/compat/proto):
//
//   Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
//   Summary { repeated Value value = 1; }    Value { string tag = 1; float simple_value = 2; }
//
// Three messages of numbers and texts are written here by hand: with protobuf's library and compiler to build
// with they would be more lines, not fewer.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace stillroom {

/// CRC-32C (Castagnoli), as in RFC 3720, appendix B.4.
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes);

struct TaggedScalar {
    std::string_view tag;
    float value = 0;
};

/// The record that an event file begins with: it says which version its events have.
[[nodiscard]] std::string firstEventRecord(double wallTime);

/// Scalars of one step. `wallTime`: seconds since 1970.
[[nodiscard]] std::string eventRecord(double wallTime, std::int64_t step,
                                      std::span<const TaggedScalar> scalars);

} // namespace stillroom
