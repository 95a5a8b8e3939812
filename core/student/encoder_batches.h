// From token ids to tensors that an encoder reads: few at a time, of nearly one length, so that hardly any
// work is done for padding.
#pragma once

#include "core/text/tokenized_texts.h"

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

/// Positions in `rows` (0 … B−1), longest text first, cut into batches of at most `rowsAtMost`.
[[nodiscard]] std::vector<std::vector<std::uint32_t>>
microBatches(const TokenizedTexts& texts, std::span<const std::uint32_t> rows, std::size_t rowsAtMost);

struct EncoderInput {
    at::Tensor ids;  ///< n×L, int64
    at::Tensor mask; ///< n×L, bool; undefined when nothing is padding
};

/// The texts of these rows on `device`; to a GPU from pinned memory, without waiting for it.
[[nodiscard]] EncoderInput encoderInput(const TokenizedTexts& texts, std::span<const std::uint32_t> rows,
                                        std::int32_t padId, at::Device device);

} // namespace stillroom
