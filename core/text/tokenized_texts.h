// The token ids of many texts, and how they are made into batches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace stillroom {

/// Ids of all texts one after the other, in the order of the texts, special tokens included. A text costs its
/// ids (4 bytes each) and 8 bytes.
struct TokenizedTexts {
    std::vector<std::int32_t> ids;
    std::vector<std::uint64_t> begins{0}; ///< texts + 1, into `ids`
    std::uint64_t shortened = 0;          ///< texts that had more tokens than were allowed

    [[nodiscard]] std::size_t size() const { return begins.size() - 1; }
    [[nodiscard]] std::span<const std::int32_t> operator[](std::size_t text) const {
        return {ids.data() + begins[text], ids.data() + begins[text + 1]};
    }
    [[nodiscard]] std::size_t length(std::size_t text) const {
        return static_cast<std::size_t>(begins[text + 1] - begins[text]);
    }
    [[nodiscard]] std::size_t longest() const; ///< 0 without texts

    friend bool operator==(const TokenizedTexts&, const TokenizedTexts&) = default;
};

/// Texts side by side: `ids` is rows × width, row after row, filled up with the padding id on the right.
struct TokenBatch {
    std::vector<std::int32_t> ids;
    std::vector<std::int32_t> lengths; ///< tokens of each row, padding not counted
    std::size_t width = 0;             ///< the longest of them, at least 1
};

/// Texts may be chosen twice. `batch` is the caller's to use again.
void gatherBatch(const TokenizedTexts& texts, std::span<const std::uint32_t> rows, std::int32_t padId,
                 TokenBatch& batch);

/// `rows` ordered by length, longest first (equals in the order given), and cut where a batch would have more
/// than `rowsAtMost` rows or more than `tokensAtMost` places, padding included; a single text may be longer
/// than that. What lies together is of nearly one length, so that hardly anything is padding. Longest first:
/// who runs out of memory does so at once.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> bucketByLength(const TokenizedTexts& texts,
                                                                     std::span<const std::uint32_t> rows,
                                                                     std::size_t rowsAtMost,
                                                                     std::size_t tokensAtMost);

} // namespace stillroom
