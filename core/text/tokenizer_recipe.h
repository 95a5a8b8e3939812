// What a tokenizer's files say, read and checked, before anything is built of it.
#pragma once

#include "core/text/token_table.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

/// A token that is found in the text itself, before anything else is done with it.
struct AddedToken {
    std::string content;
    std::int32_t id = 0;
    bool singleWord = false; ///< not within a word
    bool leftStrip = false;  ///< takes the white space before it
    bool rightStrip = false;
    bool normalized = false; ///< compared with the text as normalized, not as it was written
    bool special = false;
};

/// BertNormalizer's switches; all off is no normalizer.
struct BertCleaning {
    bool clean = false;
    bool ideographs = false;
    bool stripAccents = false;
    bool lowerCase = false;

    [[nodiscard]] bool any() const { return clean || ideographs || stripAccents || lowerCase; }
};

/// Two tokens that become one; the rank is the place in the list, lower first.
struct Merge {
    std::int32_t left = 0, right = 0, merged = 0;
};

struct TokenizerRecipe {
    enum class Model { WordPiece, ByteBpe };
    // What someone else's file may hold. The largest vocabularies in use have 300,000 tokens in 35 MB.
    static constexpr std::int64_t LargestId = (1 << 24) - 1;
    static constexpr std::size_t LongestToken = 4096; ///< bytes

    Model model = Model::WordPiece;
    TokenTable vocabulary;
    std::vector<bool> taken; ///< by id: some token has it, an added one or one of the vocabulary
    std::int32_t unknown = TokenTable::None;

    BertCleaning cleaning;
    std::string continuingPrefix = "##";
    std::size_t longestWord = 100; ///< code points; longer words are unknown

    std::vector<Merge> merges;
    bool prefixSpace = false;  ///< a text that begins without a space is given one
    bool splitWords = true;    ///< by GPT-2's regular expression
    bool ignoreMerges = false; ///< a word that is a token is that token, merges or not
    bool fuseUnknown = false;  ///< neighbouring unknown bytes are one unknown token

    std::vector<AddedToken> added;
    TokenTable addedIds;                     ///< by content
    std::vector<std::int32_t> before, after; ///< ids around every text
    std::optional<std::int32_t> pad, cls, sep, mask;
    std::map<std::string, std::string> files; ///< what it was read from: bytes by name
    std::string hash;                         ///< of these, 64 hex digits

    /// A token of the vocabulary or an added one, or None.
    [[nodiscard]] std::int32_t idOf(std::string_view token) const;
    /// False when somebody has it. 0 ≤ id ≤ LargestId.
    bool take(std::int32_t id);
    [[nodiscard]] bool isTaken(std::int64_t id) const {
        return id >= 0 && id < static_cast<std::int64_t>(taken.size()) && taken[static_cast<std::size_t>(id)];
    }
};

} // namespace stillroom
