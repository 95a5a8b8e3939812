#include "core/student/encoder_batches.h"

#include <ATen/ops/empty.h>
#include <algorithm>
#include <numeric>

namespace stillroom {

std::vector<std::vector<std::uint32_t>>
microBatches(const TokenizedTexts& texts, std::span<const std::uint32_t> rows, std::size_t rowsAtMost) {
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return texts.length(rows[a]) > texts.length(rows[b]);
    });
    std::vector<std::vector<std::uint32_t>> batches;
    for (std::size_t begin = 0; begin < order.size(); begin += rowsAtMost) {
        const std::size_t end = std::min(order.size(), begin + rowsAtMost);
        batches.emplace_back(order.begin() + static_cast<std::ptrdiff_t>(begin),
                             order.begin() + static_cast<std::ptrdiff_t>(end));
    }
    return batches;
}

EncoderInput encoderInput(const TokenizedTexts& texts, std::span<const std::uint32_t> rows,
                          std::int32_t padId, at::Device device) {
    const auto count = static_cast<std::int64_t>(rows.size());
    std::size_t longest = 1, shortest = SIZE_MAX;
    for (const auto row : rows) {
        longest = std::max(longest, texts.length(row));
        shortest = std::min(shortest, texts.length(row));
    }
    const auto width = static_cast<std::int64_t>(longest);
    const bool pinned = !device.is_cpu();
    const auto make = [&](at::ScalarType type) {
        return at::empty({count, width}, at::TensorOptions().dtype(type).pinned_memory(pinned));
    };
    EncoderInput input{make(at::kLong), {}};
    auto* ids = input.ids.data_ptr<std::int64_t>();
    bool* mask = nullptr;
    if (shortest < longest) {
        input.mask = make(at::kBool);
        mask = input.mask.data_ptr<bool>();
    }
    for (const auto row : rows) {
        const auto text = texts[row];
        std::copy(text.begin(), text.end(), ids);
        std::fill(ids + text.size(), ids + width, padId);
        ids += width;
        if (mask == nullptr)
            continue;
        // A text without a token (a tokenizer without special ones) is one of padding: its mean needs one.
        const std::size_t seen = std::max<std::size_t>(1, text.size());
        std::fill(mask, mask + seen, true);
        std::fill(mask + seen, mask + width, false);
        mask += width;
    }
    if (pinned) {
        input.ids = input.ids.to(device, /*non_blocking=*/true);
        if (input.mask.defined())
            input.mask = input.mask.to(device, /*non_blocking=*/true);
    }
    return input;
}

} // namespace stillroom
