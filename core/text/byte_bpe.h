// Byte-level BPE: a word is its bytes; of all neighbouring pairs that have a merge the one of lowest rank,
// the leftmost of equals, becomes one token, until none is left (Sennrich et al., arXiv 1508.07909; Radford
// et al. 2019 over bytes, which the vocabulary writes as 256 printable characters).
#pragma once

#include "core/text/tokenizer_recipe.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace stillroom {

/// Immutable once made; any thread.
class ByteBpe {
  public:
    /// What `split` works in; the caller's, one a thread.
    struct Scratch {
        struct Symbol {
            std::int32_t id, previous, next; ///< −1: none; id −1: merged into the one before
        };
        struct Candidate {
            std::uint32_t rank;
            std::int32_t at, merged;
        };
        std::vector<Symbol> symbols;
        std::vector<Candidate> heap;
        std::vector<std::uint32_t> ranks;
        std::vector<std::int32_t> pieces;
    };

    explicit ByteBpe(const TokenizerRecipe& recipe);

    /// Appends the ids of one word, which is not empty.
    void split(std::string_view word, std::vector<std::int32_t>& ids, Scratch& scratch) const;

    /// How a vocabulary writes a byte: printable Latin-1 as it is, others from U+0100 on in order (GPT-2).
    [[nodiscard]] static char32_t characterOf(unsigned char byte);

  private:
    struct Slot {
        std::uint64_t pair = Free;
        std::uint32_t rank = 0;
        std::int32_t merged = 0;
    };
    static constexpr std::uint64_t Free = ~std::uint64_t{0};
    static constexpr std::uint32_t NoRank = ~std::uint32_t{0};

    [[nodiscard]] const Slot* mergeOf(std::int32_t left, std::int32_t right) const;
    [[nodiscard]] std::size_t slotOf(std::uint64_t pair) const;
    void readBytes(std::string_view word, std::vector<std::int32_t>& pieces) const;
    void mergeShort(std::vector<std::int32_t>& pieces, Scratch& scratch) const;
    void mergeLong(std::vector<std::int32_t>& pieces, Scratch& scratch) const;

    std::array<std::int32_t, 256> byteIds_{};
    std::vector<Slot> slots_; ///< a power of two, at most half of it used
    std::uint64_t start_ = 0; ///< drawn, as in TokenTable
    int shift_ = 0;
    TokenTable whole_; ///< with ignoreMerges: tokens by the bytes that they stand for
    bool ignoreMerges_, fuseUnknown_;
    std::int32_t unknown_;
};

} // namespace stillroom
