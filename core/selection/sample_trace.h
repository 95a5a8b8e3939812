// What is remembered of one sample in one epoch, in four bytes: the student's uncertainty as a half float,
// the student's label, and the rule's verdict. An epoch's traces are its snapshot (core/lab/snapshot_file.h).
//
//   bits 31 … 16   uncertainty, IEEE 754 binary16; a NaN: the student was not asked
//   bits 15 … 4    the student's label; 4095: not known (not asked, or a class number beyond)
//   bits 3 … 0     Verdict
#pragma once

#include "core/selection/rule.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace stillroom {

/// To the nearest, ties to even. Values from 0 to 1 and NaN; what is too small becomes 0.
[[nodiscard]] std::uint16_t toHalf(float value);
[[nodiscard]] float fromHalf(std::uint16_t half);

struct SampleTrace {
    static constexpr std::uint32_t NoStudentLabel = 0xFFF;

    std::uint32_t bits = 0x7E00'FFF0U; ///< unseen: NaN, no label

    SampleTrace() = default;
    /// `uncertainty` NaN and `studentLabel` −1: the student was not asked.
    SampleTrace(Verdict verdict, float uncertainty, std::int32_t studentLabel)
        : bits(static_cast<std::uint32_t>(toHalf(uncertainty)) << 16U |
               (studentLabel >= 0 && studentLabel < static_cast<std::int32_t>(NoStudentLabel)
                    ? static_cast<std::uint32_t>(studentLabel)
                    : NoStudentLabel)
                   << 4U |
               static_cast<std::uint32_t>(verdict)) {}

    [[nodiscard]] Verdict verdict() const { return static_cast<Verdict>(bits & 0xFU); }
    [[nodiscard]] bool kept() const { return verdict() == Verdict::Kept; }
    [[nodiscard]] bool scored() const { return ((bits >> 16U) & 0x7FFFU) <= 0x7C00U; }
    [[nodiscard]] float uncertainty() const { return fromHalf(static_cast<std::uint16_t>(bits >> 16U)); }
    /// −1: not known.
    [[nodiscard]] std::int32_t studentLabel() const {
        const std::uint32_t label = bits >> 4U & 0xFFFU;
        return label == NoStudentLabel ? -1 : static_cast<std::int32_t>(label);
    }
    friend bool operator==(const SampleTrace&, const SampleTrace&) = default;
};
static_assert(sizeof(SampleTrace) == 4);

} // namespace stillroom
