// Finds the added tokens in a text: "[SEP]", "<mask>", whatever a tokenizer's files list. The leftmost, of
// those that begin there the longest; what was found is not searched again.
#pragma once

#include "core/text/tokenizer_recipe.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stillroom {

/// Immutable once made; any thread.
class AddedTokenFinder {
  public:
    /// `text` is what is searched for: the token's content, or that as normalized. Not empty; the first of
    /// two with the same text counts.
    void add(std::string text, const AddedToken& token);
    [[nodiscard]] bool empty() const { return tokens_.empty(); }

    /// Calls `take(piece, id)` for every stretch of `text` in order, `id` None for what lies between tokens;
    /// no piece that is empty. Stops early when `take` returns false; so does it itself.
    template <class Take>
    bool forEachPiece(std::string_view text, Take take) const {
        std::size_t done = 0;
        for (std::size_t at = 0; at < text.size();) {
            const Found found = find(text, at, done);
            if (found.id == TokenTable::None)
                break;
            at = found.next;
            if (found.begin >= found.end)
                continue; // white space that the token before has taken
            if (found.begin > done && !take(text.substr(done, found.begin - done), TokenTable::None))
                return false;
            if (!take(text.substr(found.begin, found.end - found.begin), found.id))
                return false;
            done = found.end;
        }
        return done == text.size() || take(text.substr(done), TokenTable::None);
    }

  private:
    struct Found {
        std::size_t begin = 0, end = 0; ///< with the white space that the token takes
        std::size_t next = 0;           ///< where to search on
        std::int32_t id = TokenTable::None;
    };
    [[nodiscard]] Found find(std::string_view text, std::size_t from, std::size_t done) const;
    [[nodiscard]] std::size_t longestAt(std::string_view text, std::size_t at, std::int32_t& token) const;

    std::vector<AddedToken> tokens_;
    TokenTable numbers_;                       ///< text → index of `tokens_`
    std::array<std::uint16_t, 256> longest_{}; ///< by first byte; 0: none begins so
    std::string firstBytes_;                   ///< of all of them
};

} // namespace stillroom
